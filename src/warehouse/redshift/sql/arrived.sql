-- Grain: one row a record of the objects at hand; `position` is its place among them, from 1.
-- COPY fills it. Temporary tables end with the session of their batch, so a load that fails leaves nothing to clean
-- up, and two loads never see each other's rows.
CREATE TEMP TABLE arrived (
  position           BIGINT NOT NULL,
  segment            BIGINT NOT NULL,
  type               VARCHAR(16) NOT NULL,
  accepted_at        TIMESTAMP NOT NULL,
  source             VARCHAR(256),
  order_key          BIGINT,
  order_id           VARCHAR(256),
  revision           INTEGER,
  status             VARCHAR(16),
  ordered_at         TIMESTAMP,
  utc_offset_minutes SMALLINT,
  store_id           VARCHAR(256),
  customer_id        VARCHAR(256),
  customer_key       BIGINT,
  channel            VARCHAR(16),
  deliver_state      VARCHAR(16),
  deliver_city       VARCHAR(400),
  deliver_zip        VARCHAR(40),
  promised_at        TIMESTAMP,
  completed_at       TIMESTAMP,
  net_cents          BIGINT,
  replays            VARCHAR(256),
  quarantine_id      VARCHAR(256),
  code               VARCHAR(256),
  reason             VARCHAR(16384),
  origin             VARCHAR(4096),
  bytes              VARCHAR(65535),
  bytes_in           VARCHAR(2048),
  bytes_size         INTEGER
)
