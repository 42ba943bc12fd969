-- What the files say: one row a segment file and place that it was read from (`segments` or `archive`).
CREATE OR REPLACE TEMP TABLE found_segment (
  place VARCHAR, segment BIGINT, records BIGINT, orders BIGINT, rejects BIGINT, drops BIGINT, order_print HUGEINT,
  heads BIGINT, head_print HUGEINT, lines BIGINT, line_print HUGEINT
);
-- One row a day of acceptance, source and segment file.
CREATE OR REPLACE TEMP TABLE found_book (
  place VARCHAR, segment BIGINT, day DATE, source VARCHAR, received BIGINT, rejects BIGINT
);
-- One row a rejected record, its bytes as a hash.
CREATE OR REPLACE TEMP TABLE found_reject (
  place VARCHAR, segment BIGINT, position BIGINT, quarantine_id VARCHAR, print UBIGINT
);
-- One row a record that takes another out of quarantine.
CREATE OR REPLACE TEMP TABLE found_release (
  place VARCHAR, segment BIGINT, position BIGINT, quarantine_id VARCHAR, status VARCHAR
);
