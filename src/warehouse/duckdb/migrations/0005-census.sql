-- Figures of the Census Bureau. A vintage is replaced as a whole.

-- One row a state, DC and Puerto Rico.
CREATE TABLE census_state (
  geoid        VARCHAR NOT NULL,
  name         VARCHAR NOT NULL,
  state        VARCHAR,
  population_2020 BIGINT,
  population   BIGINT,
  population_year SMALLINT,
  households   BIGINT,
  households_year SMALLINT,
  median_household_income BIGINT,
  median_household_income_year SMALLINT,
  median_age   DOUBLE,
  median_age_year SMALLINT,
  land_sq_km   DOUBLE,
  vintage      VARCHAR NOT NULL,
  source       VARCHAR NOT NULL
);

-- One row a county or planning region.
CREATE TABLE census_county (
  geoid        VARCHAR NOT NULL,
  name         VARCHAR NOT NULL,
  state        VARCHAR,
  population_2020 BIGINT,
  population   BIGINT,
  population_year SMALLINT,
  households   BIGINT,
  households_year SMALLINT,
  median_household_income BIGINT,
  median_household_income_year SMALLINT,
  median_age   DOUBLE,
  median_age_year SMALLINT,
  land_sq_km   DOUBLE,
  vintage      VARCHAR NOT NULL,
  source       VARCHAR NOT NULL
);

-- One row an incorporated or census-designated place.
CREATE TABLE census_place (
  geoid        VARCHAR NOT NULL,
  name         VARCHAR NOT NULL,
  state        VARCHAR,
  population_2020 BIGINT,
  population   BIGINT,
  population_year SMALLINT,
  households   BIGINT,
  households_year SMALLINT,
  median_household_income BIGINT,
  median_household_income_year SMALLINT,
  median_age   DOUBLE,
  median_age_year SMALLINT,
  land_sq_km   DOUBLE,
  vintage      VARCHAR NOT NULL,
  source       VARCHAR NOT NULL
);

-- One row a ZCTA, the area that stands for a ZIP code.
CREATE TABLE census_zip (
  geoid        VARCHAR NOT NULL,
  name         VARCHAR NOT NULL,
  state        VARCHAR,
  population_2020 BIGINT,
  population   BIGINT,
  population_year SMALLINT,
  households   BIGINT,
  households_year SMALLINT,
  median_household_income BIGINT,
  median_household_income_year SMALLINT,
  median_age   DOUBLE,
  median_age_year SMALLINT,
  land_sq_km   DOUBLE,
  vintage      VARCHAR NOT NULL,
  source       VARCHAR NOT NULL
);
