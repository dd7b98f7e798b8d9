-- Once a database, as the superuser. Harmless when repeated.
-- Extensions belong to the superuser; tables to safety_owner, who lets safety_app read and write rows and nothing more.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE ON SCHEMA public TO safety_app;
ALTER DEFAULT PRIVILEGES FOR ROLE safety_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO safety_app;
ALTER DEFAULT PRIVILEGES FOR ROLE safety_owner IN SCHEMA public
  GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO safety_app;
