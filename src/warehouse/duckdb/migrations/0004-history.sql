-- Where stores and customers were before. One row a version: it holds for orders of valid_from and later, before
-- valid_to. The first thing known of one holds for all time before it.
ALTER TABLE store ADD COLUMN valid_from TIMESTAMP DEFAULT TIMESTAMP '0001-01-01';
ALTER TABLE store ADD COLUMN valid_to TIMESTAMP DEFAULT TIMESTAMP '9999-12-31';
ALTER TABLE store ADD COLUMN gone_at TIMESTAMP;                  -- no longer in the list it came from
ALTER TABLE customer ADD COLUMN valid_from TIMESTAMP DEFAULT TIMESTAMP '0001-01-01';
ALTER TABLE customer ADD COLUMN valid_to TIMESTAMP DEFAULT TIMESTAMP '9999-12-31';
