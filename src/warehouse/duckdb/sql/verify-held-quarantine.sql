-- Grain: one row a row of quarantine, its bytes as a hash.
CREATE OR REPLACE TEMP TABLE held_quarantine AS
SELECT quarantine_id, segment, arrivals, status, hash(source, code, reason, origin, bytes, accepted_at) AS print
FROM quarantine
