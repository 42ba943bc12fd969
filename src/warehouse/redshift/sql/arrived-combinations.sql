-- Grain: one row a combination among the objects at hand, taken apart and named where the code for it is: outside SQL.
CREATE TEMP TABLE arrived_combination (
  position    BIGINT NOT NULL,
  combination VARCHAR(16384) NOT NULL,
  label       VARCHAR(32768) NOT NULL,
  crust       VARCHAR(1536) NOT NULL,
  sauce       VARCHAR(1536) NOT NULL,
  cheese      VARCHAR(1536) NOT NULL,
  toppings    VARCHAR(32768) NOT NULL
)
