-- Grain: one row an object at hand.
CREATE TEMP TABLE arrived_segment (segment BIGINT NOT NULL, records INTEGER NOT NULL, sealed_at TIMESTAMP NOT NULL)
