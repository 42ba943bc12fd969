-- The ledger of the daily refresh: a few rows a day, a copy on each node.

CREATE TABLE refresh_run (
  run_id        VARCHAR(64) NOT NULL,
  business_date DATE NOT NULL,
  scheduled_at  TIMESTAMP,
  trigger       VARCHAR(16) NOT NULL,
  status        VARCHAR(16) NOT NULL,
  started_at    TIMESTAMP NOT NULL,
  finished_at   TIMESTAMP,
  missed_dates  INTEGER NOT NULL
)
DISTSTYLE ALL;

CREATE TABLE refresh_step (
  run_id      VARCHAR(64) NOT NULL,
  position    INTEGER NOT NULL,
  step        VARCHAR(64) NOT NULL,
  status      VARCHAR(16) NOT NULL,
  started_at  TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  row_count   BIGINT,
  detail      VARCHAR(16384)
)
DISTSTYLE ALL;

CREATE TABLE data_check (
  run_id   VARCHAR(64) NOT NULL,
  name     VARCHAR(64) NOT NULL,
  status   VARCHAR(16) NOT NULL,
  observed DOUBLE PRECISION,
  expected VARCHAR(1024) NOT NULL,
  message  VARCHAR(4096) NOT NULL
)
DISTSTYLE ALL;
