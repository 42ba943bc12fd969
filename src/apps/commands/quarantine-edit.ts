import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { QuarantinedRecord } from '../../contract/answers.ts';
import { RequestError } from '../client.ts';
import { UsageError } from '../serve.ts';
import { pathOf, readJsonFrom, withQuarantine } from './quarantine-client.ts';
import { replayOne } from './quarantine-out.ts';

const fileName = 'order.json';

/** `slicehouse quarantine edit ID`: the record in the editor, then its replay. */
export function editCommand(quarantine: Command): void {
  withQuarantine(
    quarantine.command('edit <id>').description('Correct a record in $VISUAL or $EDITOR, then replay it'),
  ).action(async (id: string, _options: unknown, command: Command) => {
    const path = pathOf(id);
    const editor = process.env['VISUAL'] || process.env['EDITOR'];
    if (!editor) {
      throw new UsageError(
        `There is no editor: set VISUAL or EDITOR. Or do it by hand:\nslicehouse quarantine show ${id} --raw > order.json\nslicehouse quarantine replay ${id} --body order.json`,
      );
    }
    const record = await readJsonFrom<QuarantinedRecord>(command, (client) => client.send('GET', path));
    if (record.status !== 'waiting') throw new RequestError(`Record ${id} was ${record.status} already.`);
    if (record.text === null)
      throw new RequestError('The bytes are not UTF-8, so there is nothing to edit. Replay it with --body.');
    await editAndReplay(editor, id, pretty(record.text), command);
  });
}

/** The text lies in a folder that only its owner can read: an order says where somebody lives. */
async function editAndReplay(editor: string, id: string, before: string, command: Command): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-edit-'));
  const path = join(folder, fileName);
  writeFileSync(path, before, { mode: 0o600 });
  try {
    await edit(editor, folder);
    const after = readFileSync(path, 'utf8');
    if (after === before) throw new RequestError('Nothing was changed, so nothing is replayed.');
    await replayOne(id, after, {}, command);
  } catch (error) {
    if (readFileSync(path, 'utf8') === before) rmSync(folder, { recursive: true });
    else process.stderr.write(`What you wrote is in ${path}\n`);
    throw error;
  }
  rmSync(folder, { recursive: true });
}

/** The editor may be a command with arguments. */
function edit(editor: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(`${editor} ${fileName}`, { cwd: folder, shell: true, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new RequestError(`The editor '${editor}' ended with ${code}; nothing is replayed.`));
    });
  });
}

function pretty(text: string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
  } catch {
    return text;
  }
}
