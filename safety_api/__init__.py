"""地基 The ground floor: what every room of the house stands on.

Words     trail 留痕 · outbox 发件箱 · problem 问题答复 · stamp 变更戳 · seal 封存
Rooms     settings.py from the environment · roles.py who works here · permissions.py who may use which door, whose rows
          problems.py every refusal we answer · trail.py what was done · outbox.py what happens after the commit
          actors.py whoever acts · writing.py a row locked, kept, told · steps.py who may become what, drawn and refused
          days.py where a day begins and a month ends · known.py rows of two times · parts.py keys by the thousand
          idempotency.py a POST sent twice · stamps.py cursors that skip nobody · doors.py the base of all views
          health.py what is wrong, by name · alive.py beat and worker are heard · broker.py, clock.py, alone.py a queue that survives
          apart.py foreign bytes are opened by a process of `readers`, with limits
          sheets.py Excel in and out · filling.py rows into a superior's own workbook, by sheet_parts.py
Leans on  nothing of ours; settings.py, urls.py and celery.py alone know every app
"""

from safety_api.celery import app as celery_app

__all__ = ["celery_app"]
