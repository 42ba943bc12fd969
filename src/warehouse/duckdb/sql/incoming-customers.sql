-- Grain: one row a customer of the file; of several with one id the last counts.
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT * FROM read_json(
  $path,
  format = 'newline_delimited',
  columns = {customer_id: 'VARCHAR', home_state: 'VARCHAR', home_city: 'VARCHAR', home_zip: 'VARCHAR',
    changed_at: 'TIMESTAMP', origin: 'VARCHAR', gone: 'BOOLEAN', position: 'BIGINT'}
)
QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY position DESC) = 1
