import { open } from 'node:fs/promises';

/** Writes rows as a file of reference data, each with its position, and makes it durable. Resolves with their number. */
export async function writeReference(
  path: string,
  rows: AsyncIterable<readonly Readonly<Record<string, unknown>>[]>,
): Promise<number> {
  let position = 0;
  const file = await open(path, 'w', 0o600);
  try {
    for await (const chunk of rows) {
      const lines = chunk.map((row) => {
        position += 1;
        return `${JSON.stringify({ ...row, position })}\n`;
      });
      await file.write(lines.join(''));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return position;
}
