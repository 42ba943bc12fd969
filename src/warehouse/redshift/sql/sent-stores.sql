-- Grain: one row a store of the file. Only its id is there when the store is gone. COPY reads no instant before 1970
-- as a number, so the time of a change comes as text.
CREATE TEMP TABLE sent (
  position      BIGINT NOT NULL,
  store_id      VARCHAR(256) NOT NULL,
  name          VARCHAR(480),
  state         VARCHAR(16),
  city          VARCHAR(400),
  zip           VARCHAR(40),
  time_zone     VARCHAR(64),
  latitude      DOUBLE PRECISION,
  longitude     DOUBLE PRECISION,
  closeout_hour SMALLINT,
  changed_text  VARCHAR(32),
  origin        VARCHAR(256),
  gone          BOOLEAN
)
