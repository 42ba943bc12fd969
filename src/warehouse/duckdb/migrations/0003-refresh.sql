-- The ledger of the daily refresh.

-- One row a run. At most one scheduled run of a business date is done.
CREATE TABLE refresh_run (
  run_id        VARCHAR NOT NULL,
  business_date DATE NOT NULL,          -- on the clock of the zone it is scheduled in
  scheduled_at  TIMESTAMP,              -- null when started by hand
  trigger       VARCHAR NOT NULL,       -- schedule, catch_up, hand
  status        VARCHAR NOT NULL,       -- running, done, failed, interrupted
  started_at    TIMESTAMP NOT NULL,
  finished_at   TIMESTAMP,
  missed_dates  INTEGER NOT NULL        -- earlier business dates that this run stands for as well
);

-- One row a step of a run.
CREATE TABLE refresh_step (
  run_id      VARCHAR NOT NULL,
  position    INTEGER NOT NULL,
  step        VARCHAR NOT NULL,
  status      VARCHAR NOT NULL,         -- running, done, skipped, failed
  started_at  TIMESTAMP NOT NULL,
  finished_at TIMESTAMP,
  row_count   BIGINT,
  detail      VARCHAR
);

-- One row a data check of a run.
CREATE TABLE data_check (
  run_id   VARCHAR NOT NULL,
  name     VARCHAR NOT NULL,
  status   VARCHAR NOT NULL,            -- passed, warned, failed
  observed DOUBLE,
  expected VARCHAR NOT NULL,
  message  VARCHAR NOT NULL
);
