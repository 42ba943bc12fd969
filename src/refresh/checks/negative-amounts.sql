-- Lines whose amounts cannot be.
SELECT COUNT(*) AS observed
FROM order_line
WHERE gross_cents < 0 OR discount_cents < 0 OR net_cents < 0 OR quantity <= 0
