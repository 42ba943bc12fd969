-- Grain: one row a segment file that was read, from its own file if that is there, else from the archive.
CREATE OR REPLACE TEMP TABLE found_best AS
SELECT *
FROM found_segment
QUALIFY ROW_NUMBER() OVER (PARTITION BY segment ORDER BY place DESC) = 1
