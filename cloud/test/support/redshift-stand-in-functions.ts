import pg from 'pg';

/** Redshift's functions and tables that PostgreSQL lacks, in a schema that is searched after the user's own. */
const statements = [
  'CREATE SCHEMA redshift',
  'ALTER DATABASE postgres SET search_path = public, redshift',
  `CREATE FUNCTION redshift.getdate() RETURNS timestamp STABLE LANGUAGE sql
     AS $$ SELECT date_trunc('second', now() AT TIME ZONE 'UTC') $$`,
  `CREATE FUNCTION redshift.dateadd(part text, amount bigint, moment timestamp) RETURNS timestamp IMMUTABLE LANGUAGE sql
     AS $$ SELECT moment + amount * CASE lower(part)
       WHEN 'quarter' THEN interval '3 months' WHEN 'qtr' THEN interval '3 months'
       ELSE ('1 ' || part)::interval END $$`,
  `CREATE FUNCTION redshift.datediff(part text, earlier timestamp, later timestamp) RETURNS bigint IMMUTABLE LANGUAGE sql
     AS $$ SELECT CASE
       WHEN lower(part) IN ('year', 'years') THEN date_part('year', later) - date_part('year', earlier)
       WHEN lower(part) IN ('month', 'months', 'mon') THEN (date_part('year', later) - date_part('year', earlier)) * 12
         + date_part('month', later) - date_part('month', earlier)
       WHEN lower(part) IN ('day', 'days') THEN later::date - earlier::date
       WHEN lower(part) IN ('week', 'weeks') THEN (date_trunc('week', later)::date - date_trunc('week', earlier)::date) / 7
       ELSE (extract(epoch FROM date_trunc(part, later)) - extract(epoch FROM date_trunc(part, earlier)))
         / extract(epoch FROM ('1 ' || part)::interval) END::bigint $$`,
  `CREATE FUNCTION redshift.convert_timezone(zone text, moment timestamp) RETURNS timestamp STABLE LANGUAGE sql
     AS $$ SELECT (moment AT TIME ZONE 'UTC') AT TIME ZONE zone $$`,
  `CREATE FUNCTION redshift.convert_timezone(source text, zone text, moment timestamp) RETURNS timestamp STABLE LANGUAGE sql
     AS $$ SELECT (moment AT TIME ZONE source) AT TIME ZONE zone $$`,
  `CREATE FUNCTION redshift.len(value text) RETURNS integer IMMUTABLE LANGUAGE sql AS $$ SELECT length(value) $$`,
  `CREATE FUNCTION redshift.nvl2(value anycompatible, known anycompatible, missing anycompatible) RETURNS anycompatible
     IMMUTABLE LANGUAGE sql AS $$ SELECT CASE WHEN value IS NOT NULL THEN known ELSE missing END $$`,
  `CREATE TABLE redshift.sys_load_error_detail (
     user_id integer DEFAULT 100, query_id bigint, transaction_id bigint DEFAULT txid_current(),
     session_id integer DEFAULT pg_backend_pid(), database_name character(64) DEFAULT current_database(),
     table_id integer, start_time timestamp DEFAULT (now() AT TIME ZONE 'UTC'), file_name character(256),
     line_number bigint, column_name character(127), column_type character(10), column_length character(10),
     position integer, error_code integer, error_message character(512))`,
];

/** Makes them; sessions that begin afterwards find them. */
export async function createFunctions(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
