INSERT INTO store
SELECT
  i.store_id, i.name, i.state, i.city, i.zip, i.time_zone, i.latitude, i.longitude, i.closeout_hour, n.valid_from,
  TIMESTAMP '9999-12-31 00:00:00', i.origin
FROM incoming i
JOIN next_version n ON n.store_id = i.store_id
