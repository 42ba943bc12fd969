import { isUtf8 } from 'node:buffer';
import { SlicehouseError } from '../contract/errors.ts';

/**
 * Parses one JSON text strictly: valid UTF-8, and no text that a database cannot hold (NUL, half a surrogate pair).
 *
 * @throws SlicehouseError `malformed_json` saying what is wrong and where
 */
export function readJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw malformed('The text is not valid UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // Only escapes can smuggle in what valid UTF-8 cannot hold, so texts without one need no second look.
  return text.includes('\\u') ? parse(text, refuseUnstorable) : parse(text);
}

function parse(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    if (error instanceof SlicehouseError) throw error;
    if (error instanceof RangeError) throw malformed('The text is nested too deeply.', error);
    throw malformed(`The text is not valid JSON: ${(error as Error).message}.`, error);
  }
}

function refuseUnstorable(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed())) {
      throw malformed('The text holds a NUL character or half a surrogate pair, which no database can store.');
    }
  }
  return value;
}

function malformed(detail: string, cause?: unknown): SlicehouseError {
  return new SlicehouseError('malformed_json', detail, { cause });
}
