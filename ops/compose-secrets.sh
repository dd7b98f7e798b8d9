#!/bin/sh
# Makes the secret files of docker-compose.yml, once. Files that are there are left alone.
# The folder is for its owner only; the files inside can be read by the containers' own users.
set -eu
cd "$(dirname "$0")/.."
umask 022
mkdir -p -m 700 secrets
word() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
make() { [ -e "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"; }
make secret_key "$(word)$(word)"
make postgres_password "$(word)"
make database_url "postgis://safety_app:$(word)@postgis:5432/safety"
make migrate_database_url "postgis://safety_owner:$(word)@postgis:5432/safety"
ls -l secrets
