"""运维 Operations: what `./safety` does, in the standard library alone (it runs before any package is installed).

Words     home 家: one state folder and what runs from it · cluster 数据库 · broker 队列 · service 服务 · watch 守望
Rooms     home.py where things are and what the services are told · install.py packages · cluster.py PostgreSQL ·
          broker.py Redis · processes.py start, recognise, stop · services.py what runs · house.py up, down, status ·
          watch.py, lives.py what dies comes back · units.py systemd · alerts.yml rules for Prometheus ·
          nginx.conf, haproxy.cfg, pgbouncer.ini what may stand before web and PostgreSQL ·
          checks.py test, bench · backup.py, figures.py, drill.py backup, restore, drill · show.py what a person reads
"""
