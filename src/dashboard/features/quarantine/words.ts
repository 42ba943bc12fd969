/** Reason codes that read better in other words than their own. */
const titles: Readonly<Record<string, string>> = {
  malformed_json: 'Not valid JSON',
  invalid_order: 'Not a valid order',
  payload_too_large: 'Too large',
};

/** A reason code as a title: `unknown_store` is "Unknown store". */
export function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return titles[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where a record came from, when that is not a file. */
export const overHttp = 'posted over HTTP';
