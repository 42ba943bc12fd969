-- Figures of the Census Bureau. A vintage is replaced as a whole. The largest has 41,000 rows: a copy on each node.

-- One row a state, DC and Puerto Rico.
CREATE TABLE census_state (
  geoid           VARCHAR(16) NOT NULL,
  name            VARCHAR(480) NOT NULL,
  state           VARCHAR(16),
  population_2020 BIGINT,
  population      BIGINT,
  population_year SMALLINT,
  households      BIGINT,
  households_year SMALLINT,
  median_household_income      BIGINT,
  median_household_income_year SMALLINT,
  median_age      DOUBLE PRECISION,
  median_age_year SMALLINT,
  land_sq_km      DOUBLE PRECISION,
  vintage         VARCHAR(64) NOT NULL,
  source          VARCHAR(1024) NOT NULL
)
DISTSTYLE ALL;

-- One row a county or planning region.
CREATE TABLE census_county (
  geoid           VARCHAR(16) NOT NULL,
  name            VARCHAR(480) NOT NULL,
  state           VARCHAR(16),
  population_2020 BIGINT,
  population      BIGINT,
  population_year SMALLINT,
  households      BIGINT,
  households_year SMALLINT,
  median_household_income      BIGINT,
  median_household_income_year SMALLINT,
  median_age      DOUBLE PRECISION,
  median_age_year SMALLINT,
  land_sq_km      DOUBLE PRECISION,
  vintage         VARCHAR(64) NOT NULL,
  source          VARCHAR(1024) NOT NULL
)
DISTSTYLE ALL;

-- One row a incorporated or census-designated place.
CREATE TABLE census_place (
  geoid           VARCHAR(16) NOT NULL,
  name            VARCHAR(480) NOT NULL,
  state           VARCHAR(16),
  population_2020 BIGINT,
  population      BIGINT,
  population_year SMALLINT,
  households      BIGINT,
  households_year SMALLINT,
  median_household_income      BIGINT,
  median_household_income_year SMALLINT,
  median_age      DOUBLE PRECISION,
  median_age_year SMALLINT,
  land_sq_km      DOUBLE PRECISION,
  vintage         VARCHAR(64) NOT NULL,
  source          VARCHAR(1024) NOT NULL
)
DISTSTYLE ALL;

-- One row a ZCTA, the area that stands for a ZIP code.
CREATE TABLE census_zip (
  geoid           VARCHAR(16) NOT NULL,
  name            VARCHAR(480) NOT NULL,
  state           VARCHAR(16),
  population_2020 BIGINT,
  population      BIGINT,
  population_year SMALLINT,
  households      BIGINT,
  households_year SMALLINT,
  median_household_income      BIGINT,
  median_household_income_year SMALLINT,
  median_age      DOUBLE PRECISION,
  median_age_year SMALLINT,
  land_sq_km      DOUBLE PRECISION,
  vintage         VARCHAR(64) NOT NULL,
  source          VARCHAR(1024) NOT NULL
)
DISTSTYLE ALL;
