-- The model of the first release.

-- One row an order: its highest revision, voided ones included. What resolving needs again is kept here.
CREATE TABLE order_head (
  order_key          BIGINT NOT NULL,   -- hash of (source, order_id)
  source             VARCHAR NOT NULL,
  order_id           VARCHAR NOT NULL,
  revision           INTEGER NOT NULL,
  status             VARCHAR NOT NULL,
  ordered_at         TIMESTAMP NOT NULL, -- UTC, as all instants
  utc_offset_minutes SMALLINT NOT NULL,
  business_date      DATE NOT NULL,
  store_id           VARCHAR NOT NULL,
  customer_id        VARCHAR,
  channel            VARCHAR NOT NULL,
  market_state       VARCHAR NOT NULL,
  deliver_state      VARCHAR,
  deliver_city       VARCHAR,
  deliver_zip        VARCHAR,
  promised_at        TIMESTAMP,
  completed_at       TIMESTAMP,
  net_cents          BIGINT NOT NULL,
  accepted_at        TIMESTAMP NOT NULL,
  segment            BIGINT NOT NULL
);

-- The fact table: one row a line of an order that counts (placed, highest revision).
CREATE TABLE order_line (
  order_key      BIGINT NOT NULL,
  line           SMALLINT NOT NULL,     -- from 1; line 1 stands for its order where orders are counted
  ordered_at     TIMESTAMP NOT NULL,
  business_date  DATE NOT NULL,
  local_hour     TINYINT NOT NULL,      -- 0 to 23, on the store's clock
  local_weekday  TINYINT NOT NULL,      -- 1 Monday to 7 Sunday, of the business date
  market_state   VARCHAR NOT NULL,
  store_id       VARCHAR NOT NULL,
  city           VARCHAR,
  zip            VARCHAR,
  channel        VARCHAR NOT NULL,
  customer_id    VARCHAR,
  kind           VARCHAR NOT NULL,
  menu_item      VARCHAR,
  combination_id INTEGER,               -- of a pizza
  size           VARCHAR NOT NULL,
  quantity       INTEGER NOT NULL,
  gross_cents    BIGINT NOT NULL,
  discount_cents BIGINT NOT NULL,
  net_cents      BIGINT NOT NULL,
  accepted_at    TIMESTAMP NOT NULL,
  loaded_at      TIMESTAMP NOT NULL,
  segment        BIGINT NOT NULL
);

CREATE TABLE combination (
  combination_id INTEGER NOT NULL,
  combination    VARCHAR NOT NULL,      -- the canonical key
  label          VARCHAR NOT NULL,
  crust          VARCHAR NOT NULL,
  sauce          VARCHAR NOT NULL,
  cheese         VARCHAR NOT NULL,
  toppings       VARCHAR NOT NULL       -- JSON: [{name, portion, amount}]
);

CREATE TABLE store (
  store_id      VARCHAR NOT NULL,
  name          VARCHAR,
  state         VARCHAR NOT NULL,
  city          VARCHAR,
  zip           VARCHAR,
  time_zone     VARCHAR NOT NULL,
  latitude      DOUBLE,
  longitude     DOUBLE,
  closeout_hour TINYINT NOT NULL
);

CREATE TABLE customer (
  customer_id VARCHAR NOT NULL,
  home_state  VARCHAR,
  home_city   VARCHAR,
  home_zip    VARCHAR
);

-- One row a loaded segment file, written in the transaction that loads it.
CREATE TABLE load_ledger (
  segment     BIGINT NOT NULL,
  records     INTEGER NOT NULL,
  loaded      INTEGER NOT NULL,
  duplicates  INTEGER NOT NULL,
  superseded  INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  replaced    INTEGER NOT NULL,
  first_accepted_at TIMESTAMP,
  last_accepted_at  TIMESTAMP,
  loaded_at   TIMESTAMP NOT NULL
);

CREATE TABLE quarantine (
  quarantine_id VARCHAR NOT NULL,
  source        VARCHAR NOT NULL,
  code          VARCHAR NOT NULL,
  reason        VARCHAR NOT NULL,
  origin        VARCHAR,
  bytes         VARCHAR NOT NULL,       -- base64 of the exact bytes
  accepted_at   TIMESTAMP NOT NULL,
  segment       BIGINT NOT NULL
);

-- How often reference data has changed. With the rows of the ledger it makes up the version of the data.
CREATE TABLE reference_version (version BIGINT NOT NULL);
INSERT INTO reference_version VALUES (0);
