-- Orders, and what became of every record: the same tables and columns as on one machine, so that the same report SQL
-- runs. VARCHAR counts bytes here, and a character has up to four. Keys are not declared: Redshift does not enforce
-- them, and a load makes sure of them itself. Compression is left to Redshift (ENCODE AUTO), which sees the data.

-- Nothing lies in it: whoever changes what is counted locks it first. Reports do not, so they never wait; a lock on a
-- table they read would hold them up. It is needed because snapshot isolation, the default of new workgroups, lets two
-- loads of one object both find it missing from the ledger.
CREATE TABLE write_lock (holder INTEGER) DISTSTYLE ALL;

-- One row an order: its highest revision, voided ones included. Every load asks for orders by their key, and nothing
-- else does so often: rows of one key lie on one slice, and sorted.
CREATE TABLE order_head (
  order_key          BIGINT NOT NULL,
  source             VARCHAR(256) NOT NULL,
  order_id           VARCHAR(256) NOT NULL,
  revision           INTEGER NOT NULL,
  status             VARCHAR(16) NOT NULL,
  ordered_at         TIMESTAMP NOT NULL,
  utc_offset_minutes SMALLINT NOT NULL,
  business_date      DATE NOT NULL,
  store_id           VARCHAR(256) NOT NULL,
  customer_id        VARCHAR(256),
  channel            VARCHAR(16) NOT NULL,
  market_state       VARCHAR(16) NOT NULL,
  deliver_state      VARCHAR(16),
  deliver_city       VARCHAR(400),
  deliver_zip        VARCHAR(40),
  promised_at        TIMESTAMP,
  completed_at       TIMESTAMP,
  net_cents          BIGINT NOT NULL,
  accepted_at        TIMESTAMP NOT NULL,
  segment            BIGINT NOT NULL
)
DISTSTYLE KEY DISTKEY (order_key) COMPOUND SORTKEY (order_key);

-- The fact table: one row a line of an order that counts. Reports ask for a state and a span of business dates, in
-- this order of precision, so the sort key lets them pass over the other blocks. They count distinct customers by
-- customer_key, so a customer's lines lie on one slice and are counted there, without moving. Guests have no key and
-- share a slice: where they are more than about a third of the lines, skew_rows in SVV_TABLE_INFO says so, and
-- ALTER TABLE order_line ALTER DISTSTYLE EVEN is faster.
CREATE TABLE order_line (
  order_key      BIGINT NOT NULL,
  line           SMALLINT NOT NULL,
  ordered_at     TIMESTAMP NOT NULL,
  business_date  DATE NOT NULL,
  local_hour     SMALLINT NOT NULL,
  local_weekday  SMALLINT NOT NULL,
  market_state   VARCHAR(16) NOT NULL,
  store_id       VARCHAR(256) NOT NULL,
  city           VARCHAR(400),
  zip            VARCHAR(40),
  channel        VARCHAR(16) NOT NULL,
  customer_id    VARCHAR(256),
  kind           VARCHAR(16) NOT NULL,
  menu_item      VARCHAR(480),
  combination_id INTEGER,
  size           VARCHAR(1536) NOT NULL,
  quantity       INTEGER NOT NULL,
  gross_cents    BIGINT NOT NULL,
  discount_cents BIGINT NOT NULL,
  net_cents      BIGINT NOT NULL,
  accepted_at    TIMESTAMP NOT NULL,
  loaded_at      TIMESTAMP NOT NULL,
  segment        BIGINT NOT NULL,
  customer_key   BIGINT
)
DISTSTYLE KEY DISTKEY (customer_key) COMPOUND SORTKEY (market_state, business_date);

-- Small, and joined to by every report of pizzas: a copy on each node.
CREATE TABLE combination (
  combination_id INTEGER NOT NULL,
  combination    VARCHAR(16384) NOT NULL,
  label          VARCHAR(32768) NOT NULL,
  crust          VARCHAR(1536) NOT NULL,
  sauce          VARCHAR(1536) NOT NULL,
  cheese         VARCHAR(1536) NOT NULL,
  toppings       VARCHAR(32768) NOT NULL
)
DISTSTYLE ALL;

-- One row an order record that is not, or no longer, the head of its order; looked for by its key, as the heads are.
CREATE TABLE past_record (
  order_key   BIGINT NOT NULL,
  source      VARCHAR(256) NOT NULL,
  order_id    VARCHAR(256) NOT NULL,
  revision    INTEGER NOT NULL,
  status      VARCHAR(16) NOT NULL,
  outcome     VARCHAR(16) NOT NULL,
  accepted_at TIMESTAMP NOT NULL,
  segment     BIGINT NOT NULL
)
DISTSTYLE KEY DISTKEY (order_key) COMPOUND SORTKEY (order_key);

-- One row a loaded object. load_id is also the folder below staging/ that it was loaded from.
CREATE TABLE load_ledger (
  segment           BIGINT NOT NULL,
  records           INTEGER NOT NULL,
  loaded            INTEGER NOT NULL,
  duplicates        INTEGER NOT NULL,
  superseded        INTEGER NOT NULL,
  quarantined       INTEGER NOT NULL,
  replaced          INTEGER NOT NULL,
  first_accepted_at TIMESTAMP,
  last_accepted_at  TIMESTAMP,
  loaded_at         TIMESTAMP NOT NULL,
  dropped           INTEGER NOT NULL,
  sealed_at         TIMESTAMP,
  visible_at        TIMESTAMP,
  load_id           VARCHAR(64) NOT NULL
)
DISTSTYLE ALL COMPOUND SORTKEY (segment);

CREATE TABLE book (
  day         DATE NOT NULL,
  source      VARCHAR(256) NOT NULL,
  received    BIGINT NOT NULL,
  loaded      BIGINT NOT NULL,
  duplicates  BIGINT NOT NULL,
  superseded  BIGINT NOT NULL,
  quarantined BIGINT NOT NULL
)
DISTSTYLE ALL COMPOUND SORTKEY (day);

-- The rows are few and long, and read the oldest first. Of a record that is longer than a row of a result may be,
-- `bytes` has the beginning; `bytes_in` then says where it lies whole, and `bytes_size` how many bytes it has.
CREATE TABLE quarantine (
  quarantine_id VARCHAR(256) NOT NULL,
  source        VARCHAR(256) NOT NULL,
  code          VARCHAR(256) NOT NULL,
  reason        VARCHAR(16384) NOT NULL,
  origin        VARCHAR(4096),
  bytes         VARCHAR(65535) NOT NULL,
  accepted_at   TIMESTAMP NOT NULL,
  segment       BIGINT NOT NULL,
  arrivals      INTEGER NOT NULL,
  status        VARCHAR(16) NOT NULL,
  resolved_at   TIMESTAMP,
  bytes_in      VARCHAR(2048),
  bytes_size    INTEGER
)
DISTSTYLE EVEN COMPOUND SORTKEY (accepted_at);

-- The number that each object of the landing and the quarantine prefix is loaded under.
CREATE TABLE landed_object (
  sequence   BIGINT NOT NULL,
  object_key VARCHAR(4096) NOT NULL,
  bytes      BIGINT NOT NULL,
  landed_at  TIMESTAMP NOT NULL
)
DISTSTYLE ALL COMPOUND SORTKEY (sequence);

-- One row a month of business dates, from when its lines were last sorted.
CREATE TABLE compaction (month DATE NOT NULL, compacted_at TIMESTAMP NOT NULL) DISTSTYLE ALL;

-- How often reference data has changed. With the rows of the ledger it makes up the version of the data.
CREATE TABLE reference_version (version BIGINT NOT NULL) DISTSTYLE ALL;
INSERT INTO reference_version VALUES (0);
