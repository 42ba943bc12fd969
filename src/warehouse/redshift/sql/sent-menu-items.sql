-- Grain: one row an item of the file.
CREATE TEMP TABLE sent (
  position        BIGINT NOT NULL,
  menu_item_id    VARCHAR(256) NOT NULL,
  menu_item       VARCHAR(480) NOT NULL,
  kind            VARCHAR(16),
  size            VARCHAR(1536),
  unit_cost_cents INTEGER,
  origin          VARCHAR(256)
)
