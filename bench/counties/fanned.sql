-- Each county behind a connection of its own (postgres_fdw), as if on a machine of its own: what a statement sends where. One cluster
-- plays all ten, so latency is that of a socket; a network adds its own to every round. psql -v host=FOLDER
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
DROP SCHEMA IF EXISTS fanned CASCADE;
CREATE SCHEMA fanned;
SELECT format('DROP SERVER IF EXISTS county_%1$s CASCADE', bench_county(n)) FROM generate_series(0, 9) AS n \gexec
SELECT format('CREATE SERVER county_%1$s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %2$L, dbname ''safety'', async_capable ''true'','
              ' use_remote_estimate ''true'', extensions ''postgis'')', bench_county(n), :'host') FROM generate_series(0, 9) AS n \gexec
SELECT format('CREATE USER MAPPING FOR CURRENT_USER SERVER county_%s OPTIONS (user ''postgres'')', bench_county(n))
  FROM generate_series(0, 9) AS n \gexec
SELECT format('CREATE TABLE fanned.%1$I (LIKE by_county.%1$I) PARTITION BY LIST (county)', name)
  FROM unnest(ARRAY['enterprises_enterprise', 'inspections_inspection', 'hazards_hazard']) AS name \gexec
SELECT format('CREATE FOREIGN TABLE fanned.%2$I PARTITION OF fanned.%1$I FOR VALUES IN (%3$L) SERVER county_%3$s'
              ' OPTIONS (schema_name ''by_county'', table_name %2$L)', name, name || '_' || bench_county(n), bench_county(n))
  FROM unnest(ARRAY['enterprises_enterprise', 'inspections_inspection', 'hazards_hazard']) AS name, generate_series(0, 9) AS n \gexec
