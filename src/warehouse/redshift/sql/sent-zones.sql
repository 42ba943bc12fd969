-- Grain: one row a stretch of time with one offset, of the zones that the file's stores are in.
CREATE TEMP TABLE sent_zone (
  time_zone     VARCHAR(64) NOT NULL,
  starts_at     TIMESTAMP NOT NULL,
  ends_at       TIMESTAMP NOT NULL,
  shift_minutes SMALLINT NOT NULL
)
