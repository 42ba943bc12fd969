import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import type { Fault } from '../contract/errors.ts';
import { didYouMean } from './nearest.ts';

type SchemaError = TLocalizedValidationError;

const spoken: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object of `member: value`',
};

/**
 * Says in sentences what a schema check found: one fault a mistake, its path written as in `order.ordered_at.zone`.
 * Of the branches of a union only those count that fit the kind of value that is there.
 */
export function mappingFaults(schema: TSchema, value: unknown, errors: readonly SchemaError[]): Fault[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  const beside = unions.flatMap((union) => unfitBranches(schema, value, union));
  return errors
    .filter((error) => !beside.some((branch) => `${error.schemaPath}/`.startsWith(`${branch}/`)))
    .flatMap((error) => faultsOf(schema, value, error));
}

function unfitBranches(schema: TSchema, value: unknown, union: SchemaError): string[] {
  const kind = kindOf(at(value, union.instancePath));
  return branchesOf(schema, union).flatMap((branch, index) =>
    branch.type === kind ? [] : [`${union.schemaPath}/anyOf/${index}`],
  );
}

function branchesOf(schema: TSchema, union: SchemaError): { type?: string }[] {
  const found = at(schema, union.schemaPath.slice(1)) as { anyOf?: { type?: string }[] } | undefined;
  return found?.anyOf ?? [];
}

function faultsOf(schema: TSchema, value: unknown, error: SchemaError): Fault[] {
  const path = dotted(error.instancePath);
  switch (error.keyword) {
    case 'boolean':
      return [];
    case 'additionalProperties': {
      const known = Object.keys((at(schema, error.schemaPath.slice(1)) as TObjectLike | undefined)?.properties ?? {});
      return error.params.additionalProperties.map((member) => ({
        path: join(path, member),
        message: `is not a member here.${didYouMean(member, known)} Members: ${known.join(', ')}.`,
      }));
    }
    case 'required':
      return error.params.requiredProperties.map((member) => ({ path: join(path, member), message: 'is missing.' }));
    case 'enum':
      return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}.` }];
    case 'type':
      return [{ path, message: `must be ${[error.params.type].flat().map(say).join(' or ')}.` }];
    case 'anyOf': {
      const types = branchesOf(schema, error).map((branch) => branch.type ?? '');
      if (types.includes(kindOf(at(value, error.instancePath)))) return [];
      return [{ path, message: `must be ${types.map(say).join(' or ')}.` }];
    }
    default:
      return [{ path, message: `${error.message}.` }];
  }
}

interface TObjectLike {
  readonly properties?: Readonly<Record<string, unknown>>;
}

function say(type: string): string {
  return spoken[type] ?? type;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function join(path: string, member: string): string {
  return path === 'mapping' ? member : `${path}.${member}`;
}

function dotted(pointer: string): string {
  return pointer === '' ? 'mapping' : steps(pointer).join('.');
}

function at(value: unknown, pointer: string): unknown {
  return steps(pointer).reduce((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], value);
}

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
