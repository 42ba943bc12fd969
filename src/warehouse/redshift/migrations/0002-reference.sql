-- What orders are resolved by. Stores and the menu are small: a copy on each node. Customers are not, and are looked
-- up by their id.

-- One row a version of a store: it holds for orders of valid_from and later, before valid_to.
CREATE TABLE store (
  store_id      VARCHAR(256) NOT NULL,
  name          VARCHAR(480),
  state         VARCHAR(16) NOT NULL,
  city          VARCHAR(400),
  zip           VARCHAR(40),
  time_zone     VARCHAR(64) NOT NULL,
  latitude      DOUBLE PRECISION,
  longitude     DOUBLE PRECISION,
  closeout_hour SMALLINT NOT NULL,
  valid_from    TIMESTAMP NOT NULL,
  valid_to      TIMESTAMP NOT NULL,
  origin        VARCHAR(256)
)
DISTSTYLE ALL COMPOUND SORTKEY (store_id);

CREATE TABLE customer (
  customer_id VARCHAR(256) NOT NULL,
  home_state  VARCHAR(16),
  home_city   VARCHAR(400),
  home_zip    VARCHAR(40),
  valid_from  TIMESTAMP NOT NULL,
  valid_to    TIMESTAMP NOT NULL,
  origin      VARCHAR(256)
)
DISTSTYLE KEY DISTKEY (customer_id) COMPOUND SORTKEY (customer_id);

CREATE TABLE menu_item (
  menu_item_id    VARCHAR(256) NOT NULL,
  menu_item       VARCHAR(480) NOT NULL,
  kind            VARCHAR(16),
  size            VARCHAR(1536),
  unit_cost_cents INTEGER,
  origin          VARCHAR(256)
)
DISTSTYLE ALL;

-- One row a stretch of time in which a zone's clocks are so far ahead of UTC. Local time is a join to it: functions
-- that know zones differ from engine to engine, in their names and in the year of their rules.
CREATE TABLE zone_shift (
  time_zone     VARCHAR(64) NOT NULL,
  starts_at     TIMESTAMP NOT NULL,
  ends_at       TIMESTAMP NOT NULL,
  shift_minutes SMALLINT NOT NULL
)
DISTSTYLE ALL COMPOUND SORTKEY (time_zone, starts_at);
