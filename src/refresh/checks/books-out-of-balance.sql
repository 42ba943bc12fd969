-- Days and sources whose sums do not add up.
SELECT COUNT(*) AS observed
FROM book
WHERE received <> loaded + duplicates + superseded + quarantined
