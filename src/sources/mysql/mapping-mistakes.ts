import type { TLocalizedValidationError } from 'typebox/error';
import type { Fault } from '../../contract/errors.ts';
import { MySqlMappingSchema } from './mapping-schema.ts';

const spoken: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  object: 'a table of `member: value`',
};

/** Says what the check of a mapping found, a fault a mistake. Never repeats a value: it may be a password. */
export function mappingMistakes(errors: readonly TLocalizedValidationError[]): Fault[] {
  // Every union of this schema is of something or `false`; what the second branch says is said with the first.
  return errors
    .filter(
      ({ keyword, schemaPath }) => keyword !== 'anyOf' && keyword !== 'boolean' && !schemaPath.endsWith('/anyOf/1'),
    )
    .flatMap(mistakesOf);
}

function mistakesOf(error: TLocalizedValidationError): Fault[] {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  const orFalse = error.schemaPath.endsWith('/anyOf/0') ? ' or false' : '';
  switch (error.keyword) {
    case 'additionalProperties':
      return error.params.additionalProperties.map((member) => ({
        path: at(member),
        message: memberMistake(member, membersAt(error.schemaPath)),
      }));
    case 'required':
      return error.params.requiredProperties.map((member) => ({ path: at(member), message: 'is missing.' }));
    case 'enum':
      return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}.` }];
    case 'type':
      return [
        { path, message: `must be ${[error.params.type].flat().map((type) => spoken[type] ?? type)[0]}${orFalse}.` },
      ];
    default:
      return [{ path, message: `${error.message}.` }];
  }
}

function memberMistake(member: string, known: readonly string[]): string {
  if (/^(password|passwd|pass|pwd|token|secret)$/i.test(member)) {
    return 'does not belong into a mapping: set SLICEHOUSE_MYSQL_PASSWORD, or name a file with password_file.';
  }
  return `is not a member here; there are ${known.join(', ')}.`;
}

/** The members that the schema at a path of the form `#/properties/stores/anyOf/0` has. */
function membersAt(schemaPath: string): string[] {
  let schema: unknown = MySqlMappingSchema;
  for (const step of schemaPath.split('/').slice(1)) schema = (schema as Record<string, unknown> | undefined)?.[step];
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}
