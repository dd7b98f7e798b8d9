"""隐患 Hazards: from the moment one is seen to the moment it is closed.

Words     hazard 隐患 · report 上报 · confirm 确认 · order 责令 · rectify 整改 · review 复查 · close 销号 · recurrence 再次发现
Rooms     states.py who moves what where · rules.py deadlines and what a level needs · actions.py every step
          querysets.py open, overdue, listed · layers.py the hazard map
Leans on  enterprises (whose), evidence (photos), geo (where), reference (deadlines, who supervises a sector);
          an inspection that found a hazard stands as a plain id, for inspections live a floor above
"""
