-- Where stores and customers were before. One row a version: it holds for orders of valid_from and later, before
-- valid_to. The first thing known of one holds for all time before it.
ALTER TABLE store ADD COLUMN valid_from TIMESTAMP DEFAULT '0001-01-01';
ALTER TABLE store ADD COLUMN valid_to TIMESTAMP DEFAULT '9999-12-31';
ALTER TABLE store ADD COLUMN origin VARCHAR;                     -- the source it is read from; null when it was sent
ALTER TABLE customer ADD COLUMN valid_from TIMESTAMP DEFAULT '0001-01-01';
ALTER TABLE customer ADD COLUMN valid_to TIMESTAMP DEFAULT '9999-12-31';
ALTER TABLE customer ADD COLUMN origin VARCHAR;

-- One row an item of the menu, in one size or in all.
CREATE TABLE menu_item (
  menu_item_id    VARCHAR NOT NULL,
  menu_item       VARCHAR NOT NULL,
  kind            VARCHAR,
  size            VARCHAR,
  unit_cost_cents INTEGER,
  origin          VARCHAR
);
