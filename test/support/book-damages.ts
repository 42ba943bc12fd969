import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { changeSeal, cutSeal, type Damage, file, flip, sql } from './strike.ts';

const placed = `status = 'placed'`;
const ours = 'source, order_id, revision, status';

/** By name: every way to break the books that a statement or a changed file can be. */
export const damages: Readonly<Record<string, Damage>> = {
  'a line is deleted': {
    code: 'line_missing',
    strike: sql('order_line', 'true', 'DELETE FROM order_line WHERE rowid = $ROW'),
  },
  'the lines of an order are deleted': {
    code: 'lines_unbalanced',
    strike: sql(
      'order_line',
      'true',
      'DELETE FROM order_line WHERE order_key = (SELECT order_key FROM order_line WHERE rowid = $ROW)',
    ),
  },
  'a line is doubled': {
    code: 'line_doubled',
    strike: sql('order_line', 'true', 'INSERT INTO order_line SELECT * FROM order_line WHERE rowid = $ROW'),
  },
  'a line without price is made up': {
    code: 'line_unfounded',
    strike: sql(
      'order_line',
      'true',
      `INSERT INTO order_line SELECT * REPLACE (77 AS line, 0 AS gross_cents, 0 AS discount_cents, 0 AS net_cents)
       FROM order_line WHERE rowid = $ROW`,
    ),
  },
  'a quantity changes': {
    code: 'line_differs',
    strike: sql('order_line', 'true', 'UPDATE order_line SET quantity = quantity + 1 WHERE rowid = $ROW'),
  },
  'a net amount changes': {
    code: 'lines_unbalanced',
    strike: sql('order_line', 'true', 'UPDATE order_line SET net_cents = net_cents + 1 WHERE rowid = $ROW'),
  },
  'cents move between two orders': {
    code: 'lines_unbalanced',
    strike: sql(
      'order_line',
      'line = 1',
      'UPDATE order_line SET net_cents = net_cents + 1, gross_cents = gross_cents + 1 WHERE rowid = $ROW',
      `UPDATE order_line SET net_cents = net_cents - 1, gross_cents = gross_cents - 1 WHERE rowid =
         (SELECT MIN(o.rowid) FROM order_line o JOIN order_line t ON t.rowid = $ROW WHERE o.order_key <> t.order_key)`,
    ),
  },
  'the number of a customer changes': {
    code: 'line_differs',
    strike: sql(
      'order_line',
      'customer_id IS NOT NULL',
      'UPDATE order_line SET customer_key = customer_key + 1 WHERE rowid = $ROW',
    ),
  },
  'a line moves to another state': {
    code: 'place_differs',
    strike: sql('order_line', 'true', `UPDATE order_line SET market_state = 'HI' WHERE rowid = $ROW`),
  },
  'a line moves to another date': {
    code: 'day_differs',
    strike: sql(
      'order_line',
      'net_cents > 0',
      'UPDATE order_line SET business_date = business_date + 7 WHERE rowid = $ROW',
    ),
  },
  'an order is doubled': {
    code: 'order_doubled',
    strike: sql('order_head', 'true', 'INSERT INTO order_head SELECT * FROM order_head WHERE rowid = $ROW'),
  },
  'an order is deleted': {
    code: 'order_missing',
    strike: sql('order_head', 'true', 'DELETE FROM order_head WHERE rowid = $ROW'),
  },
  'an order is made up': {
    code: 'order_unfounded',
    strike: sql(
      'order_head',
      'true',
      `INSERT INTO order_head SELECT * REPLACE (order_key + 1 AS order_key, 'ghost' AS order_id) FROM order_head WHERE rowid = $ROW`,
    ),
  },
  'an order gets another revision': {
    code: 'order_differs',
    strike: sql('order_head', 'true', 'UPDATE order_head SET revision = revision + 1000 WHERE rowid = $ROW'),
  },
  'an order gets another store': {
    code: 'order_differs',
    strike: sql('order_head', 'true', `UPDATE order_head SET store_id = 's-other' WHERE rowid = $ROW`),
  },
  'an order is voided': {
    code: 'lines_unbalanced',
    strike: sql('order_head', placed, `UPDATE order_head SET status = 'voided' WHERE rowid = $ROW`),
  },
  'the net of an order changes': {
    code: 'lines_unbalanced',
    strike: sql('order_head', placed, 'UPDATE order_head SET net_cents = net_cents + 1 WHERE rowid = $ROW'),
  },
  'an order moves to another segment file': {
    code: 'order_missing',
    strike: sql(
      'order_head',
      'true',
      'UPDATE order_head SET segment = segment % (SELECT MAX(segment) FROM load_ledger) + 1 WHERE rowid = $ROW',
    ),
  },
  'a lower revision counts': {
    code: 'revision_wrong',
    strike: sql(
      'past_record',
      `outcome = 'replaced'`,
      `UPDATE order_head SET revision = (SELECT revision - 1 FROM past_record WHERE rowid = $ROW)
       WHERE (source, order_id) = (SELECT (source, order_id) FROM past_record WHERE rowid = $ROW)`,
    ),
  },
  'a past record is deleted': {
    code: 'order_missing',
    strike: sql('past_record', 'true', 'DELETE FROM past_record WHERE rowid = $ROW'),
  },
  'a past record is doubled': {
    code: 'order_doubled',
    strike: sql(
      'past_record',
      'true',
      `INSERT INTO past_record (order_key, ${ours}, outcome, accepted_at, segment)
      SELECT order_key, ${ours}, outcome, accepted_at, segment FROM past_record WHERE rowid = $ROW`,
    ),
  },
  'an outcome changes': {
    code: 'ledger_differs',
    strike: sql(
      'past_record',
      `outcome = 'duplicate'`,
      `UPDATE past_record SET outcome = 'superseded' WHERE rowid = $ROW`,
    ),
  },
  'a row of the ledger is deleted': {
    code: 'ledger_missing',
    strike: sql('load_ledger', 'loaded > 0', 'DELETE FROM load_ledger WHERE rowid = $ROW'),
  },
  'a row of the ledger is doubled': {
    code: 'ledger_doubled',
    strike: sql('load_ledger', 'true', 'INSERT INTO load_ledger SELECT * FROM load_ledger WHERE rowid = $ROW'),
  },
  'a number in the ledger changes': {
    code: 'ledger_unbalanced',
    strike: sql('load_ledger', 'true', 'UPDATE load_ledger SET loaded = loaded + 1 WHERE rowid = $ROW'),
  },
  'two numbers in the ledger change': {
    code: 'ledger_differs',
    strike: sql(
      'load_ledger',
      'true',
      'UPDATE load_ledger SET records = records + 1, quarantined = quarantined + 1 WHERE rowid = $ROW',
    ),
  },
  'what was replaced is counted wrongly': {
    code: 'totals_differ',
    strike: sql('load_ledger', 'true', 'UPDATE load_ledger SET replaced = replaced + 1 WHERE rowid = $ROW'),
  },
  'a book changes': {
    code: 'book_differs',
    strike: sql('book', 'true', 'UPDATE book SET received = received + 1, loaded = loaded + 1 WHERE rowid = $ROW'),
  },
  'a book is given to another source': {
    code: 'book_differs',
    strike: sql('book', 'true', `UPDATE book SET source = 'other' WHERE rowid = $ROW`),
  },
  'a book is deleted': { code: 'book_differs', strike: sql('book', 'true', 'DELETE FROM book WHERE rowid = $ROW') },
  'a rejected record is deleted': {
    code: 'quarantine_missing',
    strike: sql('quarantine', `status = 'waiting'`, 'DELETE FROM quarantine WHERE rowid = $ROW'),
  },
  'a rejected record is doubled': {
    code: 'quarantine_doubled',
    strike: sql('quarantine', 'true', 'INSERT INTO quarantine SELECT * FROM quarantine WHERE rowid = $ROW'),
  },
  'a rejected record is made up': {
    code: 'quarantine_unfounded',
    strike: sql(
      'quarantine',
      'true',
      `INSERT INTO quarantine SELECT * REPLACE ('ghost' AS quarantine_id) FROM quarantine WHERE rowid = $ROW`,
    ),
  },
  'the bytes of a rejected record change': {
    code: 'quarantine_differs',
    strike: sql('quarantine', 'true', `UPDATE quarantine SET bytes = 'AAAA' WHERE rowid = $ROW`),
  },
  'a rejected record came more often': {
    code: 'quarantine_differs',
    strike: sql('quarantine', 'true', 'UPDATE quarantine SET arrivals = arrivals + 1 WHERE rowid = $ROW'),
  },
  'a rejected record waits no more': {
    code: 'quarantine_differs',
    strike: sql('quarantine', `status = 'waiting'`, `UPDATE quarantine SET status = 'dropped' WHERE rowid = $ROW`),
  },
  'a replayed record waits again': {
    code: 'quarantine_differs',
    strike: sql('quarantine', `status = 'replayed'`, `UPDATE quarantine SET status = 'waiting' WHERE rowid = $ROW`),
  },
  'a bit of a segment file flips': { code: 'file_damaged', strike: file('segments', '.ndjson', flip) },
  'a segment file loses its seal': { code: 'seal_wrong', strike: file('segments', '.ndjson', cutSeal) },
  'the seal of a segment file changes': { code: 'seal_wrong', strike: file('segments', '.ndjson', changeSeal) },
  'a segment file loses its last record and seal': {
    code: 'seal_wrong',
    strike: file('segments', '.ndjson', (path) => {
      cutSeal(path);
      cutSeal(path);
    }),
  },
  'a segment file is missing': { code: 'file_missing', strike: file('segments', '.ndjson', (path) => rmSync(path)) },
  'a file that was set aside is all that is left of its records': {
    code: 'set_aside_alone',
    strike: file('segments', '.ndjson', (path) =>
      copyFileSync(path, join(dirname(path), '000000099999.ndjson.damaged')),
    ),
  },
  'a bit of an archived file flips': { code: 'archive_damaged', strike: file('archive/orders', '.parquet', flip) },
  'an archived file is missing': {
    code: 'archive_damaged',
    strike: file('archive/orders', '.parquet', (path) => rmSync(path)),
  },
  'a manifest is cut': {
    code: 'archive_damaged',
    strike: file('archive/manifests', '.json', (path) => truncateSync(path, 100)),
  },
  'a manifest says other numbers': {
    code: 'archive_damaged',
    strike: file('archive/manifests', '.json', (path) => {
      const manifest = JSON.parse(readFileSync(path, 'utf8')) as { segments: { records: number }[] };
      writeFileSync(
        path,
        JSON.stringify({
          ...manifest,
          segments: manifest.segments.map((one) => ({ ...one, records: one.records + 1 })),
        }),
      );
    }),
  },
  'a manifest is missing': { code: 'file_missing', strike: file('archive/manifests', '.json', (path) => rmSync(path)) },
  'more is wrong than can be named': {
    code: 'segment_differs',
    strike: sql('order_head', 'true', `UPDATE order_head SET channel = 'other'`),
  },
};
