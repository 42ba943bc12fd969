import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { columns } from '../reports/columns.ts';
import { xlsx } from './xlsx.ts';

const rows = [
  { label: '=1+1', pizzas: 2, revenue_cents: 3198 },
  { label: 'Jalapeño 🌶️', pizzas: 1, revenue_cents: null },
];

async function parts(): Promise<{ sheet: string; texts: string }> {
  const files = unzipSync(await xlsx([columns.label, columns.pizzas, columns.revenue], rows));
  const read = (name: string): string => strFromU8(files[name] ?? new Uint8Array());
  return { sheet: read('xl/worksheets/sheet1.xml'), texts: read('xl/sharedStrings.xml') };
}

describe('a workbook', () => {
  it('has a header, and a row for each row', async () => {
    const { sheet, texts } = await parts();
    expect(sheet.match(/<row /g)).toHaveLength(3);
    expect(texts).toContain('revenue_usd');
    expect(texts).toContain('Jalapeño 🌶️');
  });

  it('has money as dollars', async () => {
    expect((await parts()).sheet).toContain('<v>31.98</v>');
  });

  it('has a text that looks like a formula as a text', async () => {
    const { sheet, texts } = await parts();
    expect(texts).toContain('=1+1');
    expect(sheet).not.toContain('<f>');
  });
});
