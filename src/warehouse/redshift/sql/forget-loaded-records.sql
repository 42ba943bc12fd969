DELETE FROM arrived WHERE segment NOT IN (SELECT segment FROM arrived_segment)
