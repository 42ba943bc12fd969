-- What became of every record, provably; and a number for each customer, which is counted faster than a text.

-- One row an order record that is not, or no longer, the head of its order: with the heads and the quarantine,
-- every record that was ever received.
CREATE TABLE past_record (
  order_key   BIGINT NOT NULL,
  source      VARCHAR NOT NULL,
  order_id    VARCHAR NOT NULL,
  revision    INTEGER NOT NULL,
  status      VARCHAR NOT NULL,
  outcome     VARCHAR NOT NULL,         -- duplicate, superseded (when it came) or replaced (later)
  accepted_at TIMESTAMP NOT NULL,
  segment     BIGINT NOT NULL
);

-- One row a day of acceptance (UTC) and source: the sums of the loads, written in their transactions.
CREATE TABLE book (
  day         DATE NOT NULL,
  source      VARCHAR NOT NULL,
  received    BIGINT NOT NULL,
  loaded      BIGINT NOT NULL,
  duplicates  BIGINT NOT NULL,
  superseded  BIGINT NOT NULL,
  quarantined BIGINT NOT NULL
);

-- The last segment file from before past_record and book: what came up to there is known by the ledger alone.
CREATE TABLE book_start (segment BIGINT NOT NULL);
INSERT INTO book_start SELECT COALESCE(MAX(segment), 0) FROM load_ledger;
INSERT INTO book
SELECT CAST(first_accepted_at AS DATE), '(all sources)', SUM(records), SUM(loaded), SUM(duplicates), SUM(superseded), SUM(quarantined)
FROM load_ledger
GROUP BY CAST(first_accepted_at AS DATE);

ALTER TABLE load_ledger ADD COLUMN dropped INTEGER DEFAULT 0; -- records that take something out of quarantine
ALTER TABLE load_ledger ADD COLUMN sealed_at TIMESTAMP;
ALTER TABLE load_ledger ADD COLUMN visible_at TIMESTAMP;        -- just before its transaction was committed

ALTER TABLE quarantine ADD COLUMN arrivals INTEGER DEFAULT 1;          -- how often these bytes came
ALTER TABLE quarantine ADD COLUMN status VARCHAR DEFAULT 'waiting';    -- waiting, replayed, dropped
ALTER TABLE quarantine ADD COLUMN resolved_at TIMESTAMP;

ALTER TABLE order_line ADD COLUMN customer_key BIGINT;                 -- hash of customer_id
UPDATE order_line SET customer_key = CAST(md5_number_lower(customer_id) >> 1 AS BIGINT);

-- One row a month of business dates, from when its lines lie in order; those loaded later lie as they came.
CREATE TABLE compaction (month DATE NOT NULL, compacted_at TIMESTAMP NOT NULL);
