import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** Below this prefix of the data bucket lie the changes of reference data of data folders, a folder for each. */
export const importedPrefix = 'curated/import/';
/** The list of a data folder's changes, written last. */
export const listName = '_list.json';

const ReferenceListSchema = Type.Object({
  version: Type.Literal(1),
  files: Type.Array(
    Type.Object({
      name: Type.String({ description: 'Below the folder of the list; tells the content too' }),
      table: Type.Enum(['stores', 'customers']),
      sha256: Type.String({ description: 'Of the bytes before they were packed, in hexadecimal digits' }),
    }),
  ),
});
/** Every accepted change of stores and customers of a data folder, in order. */
export type ReferenceList = Static<typeof ReferenceListSchema>;

const checked = Compile(ReferenceListSchema);

/**
 * Reads a list.
 *
 * @param where for the message
 * @throws Error when it is none, or comes from a newer version
 */
export function parseReferenceList(text: string, where: string): ReferenceList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (checked.Check(value)) return value;
  throw new Error(`${where} is not what "slicehouse export" of this version writes. Run the export again.`);
}
