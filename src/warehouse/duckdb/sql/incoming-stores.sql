-- Grain: one row a store of the file; of several with one id the last counts.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT * FROM read_json(
  $path,
  format = 'newline_delimited',
  columns = {store_id: 'VARCHAR', name: 'VARCHAR', state: 'VARCHAR', city: 'VARCHAR', zip: 'VARCHAR', time_zone: 'VARCHAR',
    latitude: 'DOUBLE', longitude: 'DOUBLE', closeout_hour: 'TINYINT', changed_at: 'TIMESTAMP', origin: 'VARCHAR',
    gone: 'BOOLEAN', position: 'BIGINT'}
)
QUALIFY ROW_NUMBER() OVER (PARTITION BY store_id ORDER BY position DESC) = 1
