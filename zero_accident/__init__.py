"""零事故 Zero accident: what happened, what it counts as, and the figures by which townships are judged.

Words     accident 事故 · telling 报告(首报、续报、补报) · decision 认定 · override 认定变更 ·
          write off 核销 · report leg 报告环节 · effect 事故的影响 · broken 破零 · tally 计数 ·
          standing 乡镇成绩 · revision 修订 · heard 知悉 · receipt 签收 · finding 违规报告认定 ·
          twin 同一起 · serious-risk event 较大涉险 · investigation 调查 · standard 创建标准 · mark 评定 ·
          short 未达创建标准 · target 目标 · notice 成绩变化通知
Rooms     rules/ pure: grade, windows, whom an accident breaks, ratios, forecasts, ranking, lines of the policy ·
          places.py where an accident lies
          clock.py twins.py joining.py wrongful.py investigating.py the other writes, each its subject ·
          desk.py what the duty desk reads · desk_views.py desk_serializers.py its doors ·
          reading.py the tables as facts for the rules · actions.py every write of accidents ·
          standing.py the figures of a year to a day · figures.py the kept ones and their revisions ·
          sources.py where they are read from · recall.py the same as we knew it at a moment ·
          questions.py what is asked, found.py the rows that answer it · answers.py ratios and their parts ·
          ranked.py comparing.py rankings · who_broke.py lists · revising.py the trail of revisions ·
          notices.py what townships are told · figure_views.py figure_serializers.py their doors · layers.py the map ·
          standards.py falling_short.py the nine creation standards, targets.py the county's own targets ·
          facts.py what accidents say of a class
Leans on  reference (policy, targets, windows, report limits), geo (lists of a day, mergers), enterprises
          (units and their condition), hazards (on-time rate), evidence (photos)

Two counters are kept apart: production statistics (`in_statistics`, DOMAIN §2.5) and “零事故” (§7.2). What people
told and decided is appended, never edited, with the day it held and the moment we knew. Everything below `figures.py`
is derived from that, kept in small tables, changed in the transaction of the fact, and equal to `manage
rebuild_zero_accident`.
"""
