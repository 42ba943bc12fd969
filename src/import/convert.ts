import type { Binder } from './binder.ts';
import type { MoneyField, PlaceSection, TextField, TimeField } from './mapping-schema.ts';
import { Mistake } from './mistake.ts';
import { readMoney } from './money.ts';
import { type Place, readPlace } from './place.ts';
import { bindField, bindText, type ReadField } from './text-field.ts';
import { readTime } from './time.ts';
import { compileTimeFormat } from './time-format.ts';
import { isZone } from './zone.ts';

/** Binds a field of plain text. */
export function bindPlain(field: TextField, path: string, binder: Binder): ReadField<string> {
  return bindField(field, path, binder, (written) => written);
}

/** Binds a field of whole numbers; "2.0" is one. */
export function bindInteger(field: TextField, path: string, binder: Binder): ReadField<number> {
  return bindField(field, path, binder, (written) => {
    const match = /^[+]?(-?\d{1,15})(?:\.0*)?$/.exec(written);
    return match ? Number(match[1]) : new Mistake('is not a whole number');
  });
}

/** Binds a field of any numbers. */
export function bindNumber(field: TextField, path: string, binder: Binder): ReadField<number> {
  return bindField(field, path, binder, (written) => {
    const number = Number(written);
    return Number.isFinite(number) ? number : new Mistake('is not a number');
  });
}

/** Binds a field with a closed list of values, however they are cased and joined: "Dine-In" is `dine_in`. */
export function bindOneOf(
  field: TextField,
  path: string,
  binder: Binder,
  allowed: readonly string[],
): ReadField<string> {
  return bindField(field, path, binder, (written) => {
    const plain = written.toLowerCase().replace(/[\s-]+/g, '_');
    if (allowed.includes(plain)) return plain;
    return new Mistake(`is none of ${allowed.join(', ')}; say what it means in ${path}.values`);
  });
}

/** Binds a field of money, as integer cents. */
export function bindMoney(field: MoneyField, path: string, binder: Binder): ReadField<number> {
  const { unit = 'dollars', decimal = '.', round = false } = typeof field === 'string' ? {} : field;
  return bindField(field, path, binder, (written) => readMoney(written, { unit, decimal, round }));
}

/** Binds a field of times, as RFC 3339 with an offset; `mappingZone` holds where the field names no zone. */
export function bindTime(
  field: TimeField,
  path: string,
  binder: Binder,
  mappingZone: string | undefined,
): ReadField<string> {
  const { format, zone = mappingZone, time } = typeof field === 'string' ? {} : field;
  const compiled = format === undefined ? null : compileTimeFormat(format);
  const pattern = typeof compiled === 'string' ? null : compiled;
  const zoneOf = typeof zone === 'object' ? bindText(zone, `${path}.zone`, binder) : () => zone;
  return bindField(field, path, binder, (written, row) => {
    const inZone = zoneOf(row);
    if (inZone !== undefined && !isZone(inZone)) return new Mistake(`has the unknown time zone "${inZone}"`);
    return readTime(written, { format: pattern, zone: inZone, timeOfDay: time });
  });
}

/** Binds a place: one text such as "Austin, TX 78704", single columns, or both, where the columns come first. */
export function bindPlace(section: PlaceSection, path: string, binder: Binder): ReadField<Place> {
  const whole = section.place === undefined ? undefined : bindText(section.place, `${path}.place`, binder);
  const parts = (['state', 'city', 'zip'] as const).flatMap((part) => {
    const field = section[part];
    return field === undefined ? [] : [{ part, read: bindText(field, `${path}.${part}`, binder) }];
  });
  return (row) => {
    const written = whole?.(row);
    const place: Place = written === undefined ? {} : readPlace(written);
    for (const { part, read } of parts) {
      const text = read(row);
      if (text !== undefined) place[part] = text;
    }
    return Object.keys(place).length === 0 ? undefined : place;
  };
}
