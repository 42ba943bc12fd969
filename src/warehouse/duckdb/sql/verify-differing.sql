-- Grain: one row a loaded segment file and place whose records are not those in the tables.
SELECT f.segment, f.place, f.place = b.place AS is_best
FROM found_segment f
JOIN found_best b ON b.segment = f.segment
JOIN held_ledger l ON l.segment = f.segment AND NOT l.before_books
LEFT JOIN held_segment h ON h.segment = f.segment
WHERE f.order_print <> COALESCE(h.order_print, 0) OR f.heads <> COALESCE(h.heads, 0) OR f.head_print <> COALESCE(h.head_print, 0)
   OR f.lines <> COALESCE(h.lines, 0) OR f.line_print <> COALESCE(h.line_print, 0)
ORDER BY f.segment, f.place
