import { stateCode } from '../contract/states.ts';

/** A place, as far as it is known. */
export interface Place {
  state?: string;
  city?: string;
  zip?: string;
}

const country = /,?\s*(?:USA|U\.S\.A\.|United States(?: of America)?)$/i;

/**
 * Reads a place as people write it: "Austin, TX 78704", "Austin TX", "Austin, Texas", "TX", "78704". A street in
 * front of the city is left out; what is neither state nor ZIP code is the city.
 */
export function readPlace(written: string): Place {
  const text = written.trim().replace(country, '');
  const zip = /(?:^|[\s,])(\d{5}(?:-\d{4})?)$/.exec(text)?.[1];
  const rest = zip === undefined ? text : text.slice(0, -zip.length);
  const parts = rest
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const last = parts.pop() ?? '';
  const { city = parts.pop(), state } = splitState(last);
  return { ...(city && { city }), ...(state && { state }), ...(zip && { zip }) };
}

/** "Texas" is a state, "Austin Texas" a city and a state, "Austin" a city. */
function splitState(text: string): { city?: string; state?: string } {
  const words = text.split(/\s+/);
  for (let from = 0; from < words.length; from++) {
    const state = stateCode(words.slice(from).join(' '));
    if (state !== undefined) return from === 0 ? { state } : { city: words.slice(0, from).join(' '), state };
  }
  return { city: text };
}
