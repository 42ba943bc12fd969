-- Grain: one row a row of the file.
CREATE OR REPLACE TEMP TABLE file_row AS
SELECT * FROM read_json(
  $path,
  format = 'newline_delimited',
  columns = {customer_id: 'VARCHAR', home_state: 'VARCHAR', home_city: 'VARCHAR', home_zip: 'VARCHAR',
    changed_at: 'TIMESTAMP', origin: 'VARCHAR', gone: 'BOOLEAN', position: 'BIGINT'}
)
