-- Grain: one row a customer of the file. Only its id is there when the customer is gone. The time of a change
-- comes as text, as that of a store does.
CREATE TEMP TABLE sent (
  position    BIGINT NOT NULL,
  customer_id VARCHAR(256) NOT NULL,
  home_state  VARCHAR(16),
  home_city   VARCHAR(400),
  home_zip    VARCHAR(40),
  changed_text VARCHAR(32),
  origin      VARCHAR(256),
  gone        BOOLEAN
)
