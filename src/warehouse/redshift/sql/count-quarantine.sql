UPDATE quarantine SET arrivals = quarantine.arrivals + a.arrivals
FROM (SELECT quarantine_id, COUNT(*) AS arrivals FROM arrived WHERE type = 'reject' GROUP BY quarantine_id) a
WHERE quarantine.quarantine_id = a.quarantine_id
