-- Grain: one row a row of the file.
CREATE OR REPLACE TEMP TABLE file_row AS
SELECT * FROM read_json(
  $path,
  format = 'newline_delimited',
  columns = {store_id: 'VARCHAR', name: 'VARCHAR', state: 'VARCHAR', city: 'VARCHAR', zip: 'VARCHAR', time_zone: 'VARCHAR',
    latitude: 'DOUBLE', longitude: 'DOUBLE', closeout_hour: 'TINYINT', changed_at: 'TIMESTAMP', origin: 'VARCHAR',
    gone: 'BOOLEAN', position: 'BIGINT'}
)
