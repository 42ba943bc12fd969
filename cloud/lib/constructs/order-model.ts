import { type JsonSchema, type JsonSchemaType, JsonSchemaVersion } from 'aws-cdk-lib/aws-apigateway';
import { OrderSchema } from '../../../src/contract/order.ts';

/** JSON Schema keywords of the contract that API Gateway's draft 4 has too, with the same meaning. */
const kept = [
  'description',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
] as const;
/** What the gateway does not know, and what only says how the contract was written. */
const dropped: ReadonlySet<string> = new Set(['format']);

/** The request model of an order, made from the contract. */
export const orderModel: JsonSchema = {
  schema: JsonSchemaVersion.DRAFT4,
  title: 'Order',
  ...toGatewaySchema(OrderSchema as unknown as Record<string, unknown>),
};

/**
 * A schema of the contract as API Gateway takes it.
 *
 * @throws Error naming a keyword that has no counterpart there
 */
export function toGatewaySchema(schema: Readonly<Record<string, unknown>>): JsonSchema {
  const { type, properties, items, anyOf, ...rest } = schema;
  for (const keyword of Object.keys(rest))
    if (!(kept as readonly string[]).includes(keyword) && !dropped.has(keyword))
      throw new Error(`API Gateway's models have no "${keyword}".`);
  const nested = (value: unknown) => toGatewaySchema(value as Record<string, unknown>);
  return {
    ...(typeof type === 'string' && { type: type as JsonSchemaType }),
    ...Object.fromEntries(kept.filter((keyword) => keyword in rest).map((keyword) => [keyword, rest[keyword]])),
    ...(typeof properties === 'object' && {
      properties: Object.fromEntries(Object.entries(properties ?? {}).map(([name, value]) => [name, nested(value)])),
    }),
    ...(typeof items === 'object' && { items: nested(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(nested) }),
  };
}
