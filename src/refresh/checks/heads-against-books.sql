-- Orders that are stored less those that the ledger says were loaded and not replaced.
SELECT ABS((SELECT COUNT(*) FROM order_head) - (SELECT COALESCE(SUM(loaded) - SUM(replaced), 0) FROM load_ledger)) AS observed
