-- Grain: one row a rejected record that quarantine does not hold as it came, or a row of quarantine without a record.
-- What takes a record out counts when it comes after the arrival that its row was made of. A record that left may be
-- removed later (`removed`); the same bytes are a new row then, with the arrivals since.
WITH loaded AS (
  SELECT f.place, f.segment FROM found_best f JOIN held_ledger l ON l.segment = f.segment
),
came AS (
  SELECT r.* FROM found_reject r JOIN loaded f ON f.segment = r.segment AND f.place = r.place
),
held AS (
  SELECT quarantine_id, COUNT(*) AS copies, MIN(segment) AS segment, MAX(arrivals) AS arrivals, MAX(status) AS status,
    MIN(print) AS print
  FROM held_quarantine GROUP BY quarantine_id
),
arrived AS (
  SELECT c.quarantine_id, COUNT(*) AS arrivals, COUNT(*) FILTER (WHERE c.segment >= h.segment) AS arrivals_since,
    MIN(c.segment) AS segment, COUNT(r.quarantine_id) > 0 AS left_once
  FROM came c
  LEFT JOIN held h ON h.quarantine_id = c.quarantine_id
  LEFT JOIN (
    SELECT r.quarantine_id, MAX(r.segment) AS segment
    FROM found_release r JOIN loaded f ON f.segment = r.segment AND f.place = r.place
    GROUP BY r.quarantine_id
  ) r ON r.quarantine_id = c.quarantine_id AND r.segment >= c.segment
  GROUP BY c.quarantine_id
),
firsts AS (
  SELECT c.quarantine_id, MIN(c.position) AS position, ARG_MIN(c.print, c.position) AS print
  FROM came c
  JOIN held h ON h.quarantine_id = c.quarantine_id AND h.segment = c.segment
  GROUP BY c.quarantine_id
),
released AS (
  SELECT r.quarantine_id, MAX(r.status) AS status
  FROM found_release r
  JOIN loaded f ON f.segment = r.segment AND f.place = r.place
  JOIN held h ON h.quarantine_id = r.quarantine_id
  LEFT JOIN firsts t ON t.quarantine_id = r.quarantine_id
  WHERE r.segment > h.segment OR (r.segment = h.segment AND r.position > t.position)
  GROUP BY r.quarantine_id
),
compared AS (
  SELECT
    COALESCE(h.quarantine_id, a.quarantine_id) AS quarantine_id, COALESCE(h.segment, a.segment) AS segment,
    COALESCE(h.copies, 0) AS copies, h.arrivals, a.arrivals AS right_arrivals, h.status, COALESCE(r.status, 'waiting') AS right_status,
    CASE
      WHEN h.quarantine_id IS NULL AND a.left_once THEN 'removed'
      WHEN h.quarantine_id IS NULL THEN 'quarantine_missing'
      WHEN h.copies > 1 THEN 'quarantine_doubled'
      WHEN t.quarantine_id IS NULL AND h.segment IN (SELECT segment FROM loaded) THEN 'quarantine_unfounded'
      WHEN t.print <> h.print THEN 'quarantine_differs'
      WHEN $all_known AND NOT COALESCE(l.before_books, TRUE) AND (
        h.arrivals > a.arrivals OR h.arrivals < CASE WHEN a.left_once THEN a.arrivals_since ELSE a.arrivals END
      ) THEN 'quarantine_differs'
      WHEN COALESCE(r.status, CASE WHEN $all_known THEN 'waiting' ELSE h.status END) <> h.status
        AND NOT (h.status = 'replayed' AND NOT $all_known) THEN 'quarantine_differs'
    END AS problem
  FROM held h
  FULL JOIN arrived a ON a.quarantine_id = h.quarantine_id
  LEFT JOIN firsts t ON t.quarantine_id = h.quarantine_id
  LEFT JOIN released r ON r.quarantine_id = h.quarantine_id
  LEFT JOIN held_ledger l ON l.segment = h.segment
)
SELECT * FROM compared WHERE problem IS NOT NULL ORDER BY quarantine_id
