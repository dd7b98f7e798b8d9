"""隐患 Hazards: from the moment one is seen to the moment it is closed.

Words     hazard 隐患 · report 上报 · confirm 确认 · order 责令 · rectify 整改 · review 复查 · close 销号 · recurrence 再次发现
          loop 闭环 · notice 告知 · extension 延期 · transfer 移送 · escalate 升级 · enforce 转执法 · repeat 重复
          lapse 期满 · reminder 提醒
Rooms     states.py who moves what where · rules.py deadlines, what a level needs, on time · officers.py who may order and review
          actions/ every step: reporting, steps (the office's), rectifying (the unit's), reviewing, offspring, extensions
          clocks.py what a day brings · actions/clocks.py the day carried out, for all hazards at once
          querysets.py open, overdue, listed · views/ doors, one a step · layers.py the hazard map ·
          facts.py what hazards say of a class
Leans on  enterprises (whose), evidence (photos), geo (where), reference (deadlines, who supervises a sector);
          an inspection that found a hazard stands as a plain id, for inspections live a floor above
"""
