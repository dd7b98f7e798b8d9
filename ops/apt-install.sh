#!/bin/sh
# As root: apt-get install the named packages without anything of the system's own starting or staying:
# no main PostgreSQL cluster, no service of Redis, nginx, HAProxy, RabbitMQ or PgBouncer. What is laid down for that is taken away again.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
ours=$clusters/00-safety.conf
laid_policy= new_services=

clean() {
    [ -z "$laid_policy" ] || rm -f "$policy"
    rm -f "$ours"
    rmdir --ignore-fail-on-non-empty "$clusters" 2>/dev/null || true
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

if [ ! -e "$policy" ]; then
    laid_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
mkdir -p "$clusters"
echo 'create_main_cluster = false' >"$ours"
for name in "$@"; do # postgresql-… has no service of its own without a main cluster
    dpkg -s "$name" >/dev/null 2>&1 || new_services="$new_services $name"
done

get() { apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"; }
install() { get install --no-install-recommends "$@"; }
install "$@" || { get update && install "$@"; } # no lists yet, or old ones

# Only what was installed here just now: an administrator's own Redis or nginx is left as it is.
for name in $new_services; do
    [ ! -e "/etc/init.d/$name" ] || update-rc.d "$name" disable || true
done
