#!/bin/sh
# As root: apt-get install the named packages without anything of the system's own starting or staying:
# no main PostgreSQL cluster, no Redis service on port 6379. What is laid down for that is taken away again.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
ours=$clusters/00-safety.conf
laid_policy= had_redis=

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
if dpkg -s redis-server >/dev/null 2>&1; then had_redis=yes; fi

get() { apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"; }
install() { get install --no-install-recommends "$@"; }
install "$@" || { get update && install "$@"; } # no lists yet, or old ones

# Only what was installed here just now: an administrator's own Redis is left as it is.
if [ -z "$had_redis" ] && [ -e /etc/init.d/redis-server ]; then
    update-rc.d redis-server disable || true
fi
