UPDATE entity SET valid_to = n.valid_from
FROM next_version n
WHERE n.has_moved = 1 AND entity.entity_id = n.entity_id AND entity.valid_to = TIMESTAMP '9999-12-31 00:00:00'
