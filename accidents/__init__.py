"""事故 Accidents: what happened, who was notified when, what was decided and found; against the legal clock.

Words     accident 事故 · report 报告(首报、续报、补报) · decision 认定 · write off 核销 · report leg 报告环节 ·
          heard 知悉 · receipt 签收 · finding 违规报告认定 · duplicate 疑似同一起 · joined 并入 ·
          serious-risk event 较大涉险 · investigation 调查 · grade 等级
Rooms     rules/ pure: grade, windows, limits of reports, investigation · choices.py the words of the tables ·
          actions/ every write · places.py where an accident lies · limits.py which limits bind a report ·
          statistics.py entering in statistics · duplicates.py records that may be the same accident ·
          facts.py the tables as facts for the rules · desk.py what the duty desk reads · layers.py the map ·
          following.py who follows an accident in its transaction · additions.py what floors above show with it ·
          quick_reports/ 事故快报, drafted from every report, signed, numbered and frozen
Leans on  reference (grades, windows, report limits), geo (lists of a day), enterprises (units), evidence (photos, official documents)

What was reported and decided is appended, never edited, with the day it held and the moment we knew. Production
statistics (`in_statistics`, DOMAIN §2.5) are counted here; what counts for “零事故” is decided above.
"""
