-- Grain: one row a month. VACUUM sorted them all, due or not.
INSERT INTO compaction
SELECT DISTINCT CAST(DATE_TRUNC('month', CAST(business_date AS TIMESTAMP)) AS DATE), CAST($started_at AS TIMESTAMP)
FROM order_line
WHERE loaded_at < CAST($started_at AS TIMESTAMP)
