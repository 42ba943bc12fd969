import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { post, testHouses } from '../../../test/support/houses.ts';
import { anOrder } from '../../../test/support/orders.ts';
import { temporaryFolders } from '../../../test/support/temporary-folders.ts';
import { main } from '../cli.ts';

const newHouse = testHouses();
const newFolder = temporaryFolders();
let dataDir = '';
let ids: string[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command line in this process, on the folder itself. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const into = (name: 'out' | 'err') => (chunk: string | Uint8Array) => {
    written[name] += Buffer.from(chunk as Uint8Array).toString();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('err'));
  process.exitCode = undefined;
  await main(['node', 'slicehouse', ...args, '--data-dir', dataDir]);
  vi.restoreAllMocks();
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { code, ...written };
}

const quarantine = (...args: string[]) => run('quarantine', ...args);
const statuses = async (): Promise<string[]> =>
  JSON.parse((await quarantine('--status', 'all', '--json')).out).quarantine.map(
    (one: { status: string }) => one.status,
  );

/** A closed folder with two records: an order by drone, and half an order that holds an escape sequence. */
beforeEach(async () => {
  const house = await newHouse();
  dataDir = house.config.dataDir;
  await post(house, { ...anOrder(), channel: 'drone' });
  await new Promise((resolve) => setTimeout(resolve, 2));
  await post(house, '{"order_id": "\u001b[2J');
  await house.close();
  ids = JSON.parse((await quarantine('--json')).out).quarantine.map((one: { id: string }) => one.id);
});

describe('slicehouse quarantine', () => {
  it('lists what waits, newest first', async () => {
    const { code, out } = await quarantine();
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(`^${ids[0]}  default  .*Z  malformed_json: `),
      expect.stringMatching(`^${ids[1]}  default  .*Z  invalid_order: /channel must be one of`),
      '',
    ]);
    expect((await quarantine('list', '--code', 'nothing')).out).toBe('Nothing is in quarantine.\n');
    expect((await quarantine('list', '--limit', '1')).out).toContain('… and 1 more, older.');
    expect((await quarantine('list', '--status', 'lost')).code).toBe(2);
    expect((await quarantine('lits')).code).toBe(2);
  });

  it('shows a record and what is wrong with it, and never what would steer the terminal', async () => {
    const { out } = await quarantine('show', ids[1] ?? '');
    expect(out).toContain('"channel":"drone"');
    expect(out).toContain('Wrong with it now:\n  /channel must be one of');
    const half = await quarantine('show', ids[0] ?? '');
    expect(half.out).toContain('\\u001b[2J');
    expect(half.out).not.toContain('\u001b');
    expect((await quarantine('show', ids[0] ?? '', '--raw')).out).toBe('{"order_id": "\u001b[2J');
    expect(JSON.parse((await quarantine('show', ids[1] ?? '', '--json')).out)).toMatchObject({ id: ids[1] });
    expect((await quarantine('show', 'nobody')).code).toBe(1);
    expect((await quarantine('show', '../orders')).code).toBe(2);
  });

  it('replays a record with a corrected body, and its receipt tells the rest', async () => {
    const refused = await quarantine('replay', ids[1] ?? '');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('  /channel must be one of') });
    const body = join(newFolder(), 'order.json');
    writeFileSync(body, JSON.stringify(anOrder()));
    const { code, out } = await quarantine('replay', ids[1] ?? '', '--body', body);
    expect(code).toBe(0);
    const receipt = /Its receipt is (\S+)/.exec(out)?.[1] ?? '';
    expect((await run('receipt', receipt)).out).toMatch(
      /^Order A-1, revision 1, of default: loaded\naccepted {3}.*Z\n/,
    );
    expect(JSON.parse((await run('receipt', receipt, '--json')).out)).toMatchObject({ outcome: 'loaded' });
    expect((await run('receipt', ids[1] ?? '')).out).toMatch(/^A record in quarantine, of default: replayed\n/);
    expect(await quarantine('replay', ids[1] ?? '')).toMatchObject({
      code: 1,
      err: expect.stringContaining('replayed already'),
    });
    expect((await run('receipt', 'nobody')).code).toBe(1);
  });

  it('replays in bulk, with exit code 1 when some are still wrong', async () => {
    const { code, out } = await quarantine('replay', '--all');
    expect(code).toBe(1);
    expect(out).toContain('0 records taken as orders; 2 records still wrong, in quarantine as before.');
    expect((await quarantine('replay', '--code', 'nothing')).code).toBe(0);
  });

  it.each([
    [['replay']],
    [['replay', 'x', '--all']],
    [['drop']],
    [['drop', 'x', '--code', 'y']],
    [['drop', '--all']],
    [['replay', '--all', '--body', 'x']],
    [['replay', 'x', '--body', '/nowhere/at/all']],
    [['replay', '--all', '--limit', '0']],
  ])('takes %j for a mistake, and changes nothing', async (args) => {
    expect((await quarantine(...args)).code).toBe(2);
    expect(await statuses()).toEqual(['waiting', 'waiting']);
  });

  it('drops one, and several', async () => {
    expect(await quarantine('drop', ids[0] ?? '')).toMatchObject({ code: 0, out: `Record ${ids[0]} is dropped.\n` });
    expect(await statuses()).toEqual(['dropped', 'waiting']);
    expect((await quarantine('drop', ids[0] ?? '')).code).toBe(1);
    expect((await quarantine('drop', '--source', 'default', '--yes')).out).toBe('1 record dropped.\n');
    expect(await statuses()).toEqual(['dropped', 'dropped']);
  });
});

describe('slicehouse quarantine edit', () => {
  it('replays what the editor leaves', async () => {
    vi.stubEnv('VISUAL', '');
    vi.stubEnv('EDITOR', 'sed -i s/drone/delivery/');
    expect(await quarantine('edit', ids[1] ?? '')).toMatchObject({ code: 0, out: expect.stringContaining('is taken') });
    expect(await statuses()).toEqual(['waiting', 'replayed']);
  });

  it('keeps what was written when it is still wrong', async () => {
    vi.stubEnv('VISUAL', 'sed -i s/drone/balloon/');
    const { code, err } = await quarantine('edit', ids[1] ?? '');
    expect(code).toBe(1);
    const path = /What you wrote is in (\S+)/.exec(err)?.[1] ?? '';
    expect(readFileSync(path, 'utf8')).toContain('"channel": "balloon"');
    expect(err).toContain('/channel must be one of');
    rmSync(dirname(path), { recursive: true });
    expect(await statuses()).toEqual(['waiting', 'waiting']);
  });

  it('replays nothing when nothing was changed, the editor failed, or there is none', async () => {
    vi.stubEnv('VISUAL', 'true');
    expect(await quarantine('edit', ids[1] ?? '')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nothing was changed'),
    });
    vi.stubEnv('VISUAL', 'false');
    expect((await quarantine('edit', ids[1] ?? '')).code).toBe(1);
    vi.stubEnv('VISUAL', '');
    vi.stubEnv('EDITOR', '');
    expect(await quarantine('edit', ids[1] ?? '')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no editor'),
    });
    expect(await statuses()).toEqual(['waiting', 'waiting']);
  });
});
