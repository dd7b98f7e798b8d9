#!/bin/sh
# Runs once in the database container, when its volume is new: roles with the passwords of the secret files, extensions.
set -eu
password() { sed -n 's|^[a-z]*://[^:]*:\([^@]*\)@.*|\1|p' "$1"; }
sql() { psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

sql --dbname postgres -v createdb=NOCREATEDB -f /sql/roles.sql
sql --dbname postgres \
    -v owner="$(password /run/secrets/migrate_database_url)" -v app="$(password /run/secrets/database_url)" <<'SQL'
ALTER ROLE safety_owner PASSWORD :'owner';
ALTER ROLE safety_app PASSWORD :'app';
SQL
sql --dbname safety -f /sql/database.sql
# A standby copies the whole cluster over the network, once the role has a password (docs/operations.md); without one it is refused.
echo "host replication safety_standby all scram-sha-256" >> "$PGDATA/pg_hba.conf"
