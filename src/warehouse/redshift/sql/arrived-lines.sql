-- Grain: one row a line of a placed order among the objects at hand.
CREATE TEMP TABLE arrived_line (
  position       BIGINT NOT NULL,
  line           SMALLINT NOT NULL,
  kind           VARCHAR(16) NOT NULL,
  menu_item      VARCHAR(480),
  size           VARCHAR(1536) NOT NULL,
  combination    VARCHAR(16384),
  quantity       INTEGER NOT NULL,
  gross_cents    BIGINT NOT NULL,
  discount_cents BIGINT NOT NULL
)
