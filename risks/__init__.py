"""双重预防 Dual prevention: where a unit is dangerous, how much, who keeps it in check, and whether they looked when they had to.

Words     risk point 风险点 · assessment 评价 · inherent 固有风险 / residual 现有风险 · colour 红橙黄蓝, level 1 (red) to 4 (blue)
          forced major 直接判定重大风险 · control level 管控层级 (company, workshop, team, post) · self-check 自查
          task 排查任务: one point at one control level in one period (shift, day, week or month)
          monthly duty 每月至少一次隐患排查
Rooms     rules.py scores, colours, levels, periods: pure, over the dated document `risk_methods`
          actions.py assess, change, retire, check · facts.py what it comes to for a class, set-based
          duties.py tasks due and done of a unit, monthly duty of all · reading.py the rows of the lists
Leans on  reference (the methods), geo (places), enterprises (whose; it writes the highest colour onto the unit)

An assessment is a row of its own: half-open [held_from, held_to), superseded and never overwritten, so that any past day
can be asked. Tasks are worked out, never stored: what is due follows from the assessments, what was done is counted once,
when a self-check arrives. A period that has begun is owed; one begins to count on the day after the assessment was entered.
"""
