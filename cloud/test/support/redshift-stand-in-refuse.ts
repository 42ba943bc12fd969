import { refused } from './redshift-stand-in-error.ts';
import { closing, opening } from './redshift-stand-in-text.ts';

/** What PostgreSQL has and Redshift has not, with what to say. The text has no literals and no comments. */
const unknownToRedshift: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\bon\s+conflict\b/i, 'Redshift has no ON CONFLICT'],
  [/\breturning\b/i, 'Redshift has no RETURNING'],
  [/\bdistinct\s+on\b/i, 'Redshift has no DISTINCT ON'],
  [/\bis\s+(not\s+)?distinct\s+from\b/i, 'Redshift has no IS DISTINCT FROM'],
  [/\bfilter\s*\(/i, 'Redshift has no FILTER on aggregates'],
  [/\blateral\b/i, 'Redshift has no LATERAL'],
  [/\b(generate_series|generate_subscripts|unnest)\s*\(/i, 'Redshift has no functions that return rows'],
  [/\barray\b|\[|\b(array_agg|string_to_array)\s*\(/i, 'Redshift has no arrays'],
  [/\bstring_agg\s*\(/i, 'Redshift has no STRING_AGG, but LISTAGG'],
  [/\bjsonb?\b|->|#>/i, 'Redshift has no JSON or JSONB type'],
  [/\b(uuid|bytea|money|hstore|inet|xml)\b/i, 'Redshift has no such type'],
  [/\b(small|big)?serial\b/i, 'Redshift has no SERIAL, but IDENTITY(seed, step)'],
  [/\bgen_random_uuid\s*\(/i, 'Redshift has no GEN_RANDOM_UUID'],
  [/\bsuper\b/i, 'the stand-in has no SUPER'],
  [/\(\s*values\b/i, 'Redshift has no VALUES as a table'],
  [/\brow\s*\(/i, 'Redshift has no row constructors'],
  [/\(\s*(insert\s+into|update\s+\w|delete\s+from)\b/i, 'Redshift changes no rows in a subquery'],
  [/^with\b[\s\S]*\)\s*insert\s+into\b/i, 'Redshift wants INSERT INTO … WITH … SELECT, not WITH … INSERT'],
  [/\bcreate\s+(unique\s+)?index\b/i, 'Redshift has no indexes'],
  [/\bcreate\s+(or\s+replace\s+)?(trigger|sequence|type|domain|extension|rule)\b/i, 'Redshift cannot create that'],
  [/\bcheck\s*\(/i, 'Redshift has no CHECK constraints'],
  [/\bon\s+(delete|update)\s+(cascade|restrict|set|no)\b/i, 'Redshift has no actions on foreign keys'],
  [/\bgenerated\s+always\s+as\s*\(/i, 'Redshift has no generated columns'],
  [/\badd\s+column\s+if\s+not\s+exists\b/i, 'Redshift has no ADD COLUMN IF NOT EXISTS'],
  [/\bfor\s+(update|share)\b/i, 'Redshift locks no rows'],
  [/\bwindow\s+\w+\s+as\s*\(/i, 'Redshift has no WINDOW clause'],
  [/\btablesample\b/i, 'Redshift has no TABLESAMPLE'],
  [
    /\bnow\s*\(|\bcurrent_timestamp\b|\blocaltime(stamp)?\b|\bcurrent_time\b/i,
    'use GETDATE() or SYSDATE: only the leader node has this',
  ],
  [
    /\b(clock|transaction|statement)_timestamp\s*\(|\bage\s*\(/i,
    'use GETDATE() or SYSDATE: Redshift has no such function',
  ],
  [/\bto_timestamp\s*\([^(),]*\)/i, 'Redshift has no TO_TIMESTAMP of a number'],
  [
    /\b(make_date|make_timestamp|date_bin|pg_sleep|div|overlay|format|regexp_matches)\s*\(/i,
    'Redshift has no such function',
  ],
  [/\b(median|approximate|qualify)\b/i, 'the stand-in cannot do this'],
  [/\btop\s+\d+\b/i, 'the stand-in has no TOP; LIMIT is the same'],
  [/^unload\b/i, 'the stand-in has no UNLOAD'],
];

/** Words that Redshift reserves and PostgreSQL does not, without those that statements of ours need as words. */
const reserved =
  /\b(aes128|aes256|az64|backup|binary|bytedict|bzip2|credentials|deflate|defrag|delta|disable|enable|encrypt|encryption|explicit|ignore|language|lun|luns|lzo|lzop|minus|new|off|offline|oid|old|open|parallel|partition(?!\s+by)|percent|permissions|pivot|raw|recover|resort|respect|restore|snapshot|system|tag|unpivot|verbose|wallet)\b/i;

/**
 * Refuses what Redshift would refuse.
 *
 * @throws StandInError that says why
 */
export function refuseForeign(code: string): void {
  for (const [pattern, reason] of unknownToRedshift) {
    if (pattern.test(code)) throw refused(`${reason} (at '${pattern.exec(code)?.[0]}')`);
  }
  refuseReserved(code);
  for (const window of windows(code)) refuseWindow(window.call, window.frame);
  if (/^merge\b/i.test(code)) refuseMerge(code);
}

/** As names, unless quoted; after ENCODE and in VACUUM some of them are words. */
function refuseReserved(code: string): void {
  if (/^(vacuum|analyze)\b/i.test(code)) return;
  const word = reserved.exec(code.replace(/"[^"]*"|\bencode\s+\w+|\bbackup\s+(yes|no)\b/gi, ' '))?.[1];
  if (word !== undefined) throw refused(`'${word}' is a reserved word of Redshift`);
}

function* windows(code: string): Generator<{ readonly call: string; readonly frame: string }> {
  for (const match of code.matchAll(/\)\s*over\s*\(/gi)) {
    const name = /(\w+)\s*$/.exec(code.slice(0, opening(code, match.index)));
    const open = match.index + match[0].length - 1;
    yield { call: name?.[1] ?? '', frame: code.slice(open + 1, closing(code, open)) };
  }
}

function refuseWindow(call: string, frame: string): void {
  if (/\bnulls\s+(first|last)\b/i.test(frame)) throw refused('Redshift has no NULLS clause in window functions');
  if (/\b(range|groups)\s+(between|unbounded)\b/i.test(frame)) throw refused('Redshift has only ROWS frames');
  const needsFrame = /^(sum|count|avg|min|max|stddev\w*|var\w*|first_value|last_value|nth_value)$/i.test(call);
  if (needsFrame && /\border\s+by\b/i.test(frame) && !/\brows\b/i.test(frame)) {
    throw refused('Aggregate window functions with an ORDER BY clause require a frame clause');
  }
}

/** Redshift's MERGE: a plain table into a plain table, one WHEN MATCHED and then one WHEN NOT MATCHED. */
function refuseMerge(code: string): void {
  if (!/^merge\s+into\s+[\w.]+\s+using\s+[\w.]+(\s+(as\s+)?\w+)?\s+on\b/i.test(code)) {
    throw refused("Redshift's MERGE takes two tables, the target without an alias, the source no subquery");
  }
  const clauses = [...code.matchAll(/\bwhen\s+(not\s+)?matched\s+(\w+)/gi)];
  const [first, second] = clauses;
  const isPair = clauses.length === 2 && first?.[1] === undefined && second?.[1] !== undefined;
  if (!isPair) throw refused("Redshift's MERGE wants WHEN MATCHED and then WHEN NOT MATCHED, once each");
  if (clauses.some(([, , next]) => !/^then$/i.test(next ?? '')))
    throw refused("Redshift's MERGE has no conditions on WHEN");
  if (/\bdo\s+nothing\b/i.test(code)) throw refused("Redshift's MERGE has no DO NOTHING");
  if (/\(\s*select\b/i.test(code)) throw refused("Redshift's MERGE takes no subqueries");
  if (/\bset\s+\w+\.\w+\s*=/i.test(code)) throw refused("Redshift's MERGE sets columns without a table's name");
}
