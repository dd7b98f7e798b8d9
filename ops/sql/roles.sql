-- Once a cluster, as its superuser, with psql -v createdb=NOCREATEDB (the tests' cluster: CREATEDB). Harmless when repeated.
-- safety_owner owns the tables and migrates; safety_app runs and owns nothing, so that it cannot rewrite the trail.
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE', name)
  FROM unnest(ARRAY['safety_owner', 'safety_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE safety_owner :createdb;
ALTER ROLE safety_app NOCREATEDB;
-- safety_standby copies the whole cluster and follows it; without a password nobody comes in over the network by this name.
SELECT 'CREATE ROLE safety_standby LOGIN REPLICATION NOSUPERUSER NOCREATEROLE'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'safety_standby') \gexec
SELECT 'CREATE DATABASE safety OWNER safety_owner TEMPLATE template0'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'safety') \gexec
REVOKE ALL ON DATABASE safety FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE safety TO safety_app;
GRANT pg_read_all_stats TO safety_owner;  -- a migration that waits says for whom
