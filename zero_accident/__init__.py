"""零事故 Zero accident: what accidents count as, and the figures by which townships are judged.

Words     override 认定变更 · effect 事故的影响 · broken 破零 · count 计数 · township figures 乡镇成绩 · revision 修订 ·
          standard 创建标准 · mark 评定 · unmet standards 未达创建标准 · target 目标 · notice 成绩变化通知
Rooms     rules/ pure: the policy, whom an accident breaks, ratios, forecasts, ranking · policies/ the policy in force ·
          attribution/ approved changes · figures/ the kept figures, to any day and as they were known, ratios,
          rankings, revisions · lists/ who broke, who has unmet standards, who is zero · standards/ their assessment · targets/ ·
          notices/ · reports/ a township on one page ·
          following.py what follows an accident · additions.py what an accident shows of it
Leans on  accidents (facts), reference (policy, targets), geo (lists of a day, mergers), enterprises (units and their
          condition), hazards (on-time rate), evidence (the fonts and the sheet of its papers)

Everything in figures/ is derived from facts, kept in small tables, changed in the transaction of the fact, and equal
to `manage rebuild_zero_accident`.
"""
