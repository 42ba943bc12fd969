-- Grain: one row an item; of several with one id the last counts.
INSERT INTO menu_item
SELECT s.menu_item_id, s.menu_item, s.kind, s.size, s.unit_cost_cents, s.origin
FROM sent s
JOIN (SELECT menu_item_id, MAX(position) AS position FROM sent GROUP BY menu_item_id) l
  ON l.menu_item_id = s.menu_item_id AND l.position = s.position
