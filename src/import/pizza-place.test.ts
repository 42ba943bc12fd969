import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Collected, collect } from './collect.ts';
import { importOrders } from './import-orders.ts';
import { readMapping } from './read-mapping.ts';

// biome-ignore lint/style/noProcessEnv: names the folder of a data set that is not part of the repository
const published = process.env['SLICEHOUSE_PIZZA_PLACE'];
const mappingFile = new URL('../../examples/mappings/pizza-place.yaml', import.meta.url);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slicehouse-pizza-place-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Totals {
  orders: number;
  pizzas: number;
  cents: number;
  best: [string, number] | undefined;
}

async function run(path: string): Promise<Collected> {
  const sink = collect();
  const mapping = readMapping(await readFile(mappingFile, 'utf8'), 'pizza-place.yaml');
  await importOrders({ files: [path], mapping }, sink);
  return sink;
}

function totalsOf({ orders }: Collected): Totals {
  const lines = orders.flatMap((order) => order.lines);
  const sold = new Map<string, number>();
  for (const { menu_item = '', quantity } of lines) sold.set(menu_item, (sold.get(menu_item) ?? 0) + quantity);
  return {
    orders: orders.length,
    pizzas: lines.reduce((sum, line) => sum + line.quantity, 0),
    cents: lines.reduce((sum, line) => sum + line.quantity * line.unit_price_cents, 0),
    best: [...sold].sort((a, b) => b[1] - a[1])[0],
  };
}

const menu = [
  ['classic_dlx', 'The Classic Deluxe Pizza', 'Pepperoni, Mushrooms, Red Onions, Red Peppers, Bacon'],
  ['bbq_ckn', 'The Barbecue Chicken Pizza', 'Barbecued Chicken, Red Peppers, Barbecue Sauce'],
  ['calabrese', 'The Calabrese Pizza', '‘Nduja Salami, Pancetta, Tomatoes'],
  ['pep_msh_pep', 'The Pepperoni, Mushroom, and Peppers Pizza', 'Pepperoni, Mushrooms, Green Peppers'],
] as const;
const sizes = [
  ['s', 1050],
  ['m', 1325],
  ['l', 2075],
] as const;

/** Writes the four files with data made by a fixed rule, and adds up beside it what they hold. */
async function writeGenerated(orderCount: number): Promise<Totals> {
  let state = 20_150_101;
  const below = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
  const files = {
    orders: ['order_id,date,time'],
    order_details: ['order_details_id,order_id,pizza_id,quantity'],
    pizzas: ['pizza_id,pizza_type_id,size,price'],
    pizza_types: ['pizza_type_id,name,category,ingredients'],
  };
  for (const [id, name, ingredients] of menu) {
    files.pizza_types.push(`${id},"${name}",Classic,"${ingredients}"`);
    for (const [size, cents] of sizes) files.pizzas.push(`${id}_${size},${id},${size.toUpperCase()},${cents / 100}`);
  }
  const totals: Totals = { orders: orderCount, pizzas: 0, cents: 0, best: ['Classic Deluxe', 0] };
  for (let order = 1; order <= orderCount; order++) {
    const day = new Date(Date.UTC(2015, 0, 1 + below(365))).toISOString().slice(0, 10);
    files.orders.push(`${order},${day},${String(10 + below(13))}:${String(10 + below(50))}:00`);
    for (let line = below(4); line >= 0; line--) {
      const pizza = menu[Math.min(below(6), 5) % 4] ?? menu[0];
      const [size, cents] = sizes[below(3)] ?? sizes[0];
      const quantity = 1 + below(3);
      files.order_details.push(`${files.order_details.length},${order},${pizza[0]}_${size},${quantity}`);
      totals.pizzas += quantity;
      totals.cents += quantity * cents;
      if (pizza === menu[0] && totals.best) totals.best[1] += quantity;
    }
  }
  for (const [name, rows] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.csv`), Buffer.from(`${rows.join('\r\n')}\r\n`, 'utf8'));
  }
  return totals;
}

test('generated data in the layout of the pizza place add up to what was generated', async () => {
  const expected = await writeGenerated(3_000);
  const sink = await run(folder);
  const totals = totalsOf(sink);
  expect(sink.rejects).toEqual([]);
  expect({ ...totals, best: undefined }).toEqual({ ...expected, best: undefined });
  const classic = sink.orders.flatMap(({ lines }) => lines).filter(({ menu_item }) => menu_item === 'Classic Deluxe');
  expect(classic.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(expected.best?.[1]);
  expect(sink.stores).toEqual([
    { store_id: 'pizza-place', name: 'Pizza Place', state: 'CA', time_zone: 'America/Los_Angeles' },
  ]);
  const lines = sink.orders.flatMap((order) => order.lines);
  const barbecue = lines.find(({ menu_item }) => menu_item === 'Barbecue Chicken');
  expect(barbecue).toMatchObject({ sauce: 'Barbecue Sauce', toppings: ['Barbecued Chicken', 'Red Peppers'] });
  const calabrese = lines.find(({ menu_item }) => menu_item === 'Calabrese');
  expect(calabrese?.toppings?.[0]).toBe('‘Nduja Salami');
  expect(lines.some(({ menu_item }) => menu_item === 'Pepperoni, Mushroom, and Peppers')).toBe(true);
});

test('the menu may be encoded as windows-1252', async () => {
  await writeGenerated(200);
  const text = await readFile(join(folder, 'pizza_types.csv'), 'utf8');
  await writeFile(join(folder, 'pizza_types.csv'), Buffer.from(text.replaceAll('‘', '\u0091'), 'latin1'));
  const sink = await run(folder);
  const calabrese = sink.orders.flatMap(({ lines }) => lines).find(({ menu_item }) => menu_item === 'Calabrese');
  expect(calabrese?.toppings?.[0]).toBe('‘Nduja Salami');
});

test.skipIf(published === undefined)('the published year adds up to the cent', async () => {
  const sink = await run(published ?? '');
  expect(sink.rejects).toEqual([]);
  expect(totalsOf(sink)).toEqual({
    orders: 21_350,
    pizzas: 49_574,
    cents: 81_786_005,
    best: ['Classic Deluxe', 2_453],
  });
});
