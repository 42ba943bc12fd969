/** The entry of a table under a name that anybody may have written: `constructor` is a topping like any other. */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
