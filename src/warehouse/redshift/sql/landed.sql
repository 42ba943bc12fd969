-- Grain: one row an object that may have no sequence yet.
CREATE TEMP TABLE landed (object_key VARCHAR(4096) NOT NULL, bytes BIGINT NOT NULL, landed_at TIMESTAMP NOT NULL)
