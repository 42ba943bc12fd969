// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controls = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const ofLines = '\n\t';

/**
 * A text of others for a terminal: characters that would move the cursor, change colours or turn the direction of
 * writing are spelled out. Line breaks and tabs too, unless they are kept.
 */
export function printable(text: string, { keepsLines = false } = {}): string {
  return text.replace(controls, (character) =>
    keepsLines && ofLines.includes(character)
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
