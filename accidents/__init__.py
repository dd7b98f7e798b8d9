"""事故 Accidents: what happened, who was notified when, what was decided and found; against the legal clock.

Words     accident 事故 · report 报告(首报、续报、补报) · decision 认定 · write off 核销 · report leg 报告环节 ·
          heard 知悉 · receipt 签收 · finding 违规报告认定 · duplicate 疑似同一起 · joined 并入 ·
          serious-risk event 较大涉险 · investigation 调查 · grade 等级
Rooms     reports/ reported, decided, written off · clock/ legs against the limits, reminders, statistics · duplicates/ ·
          findings/ wrongful reports · investigations/ · quick_reports/ — each with its verbs, shapes and doors ·
          rules/ pure: grade, windows, limits, investigation · choices.py the words of the tables · places.py where an
          accident lies · reading.py the tables as facts for the rules · facts.py what a class asks · layers.py the map ·
          following.py who follows an accident in its transaction · additions.py what floors above show with it
Leans on  reference (grades, windows, report limits), geo (lists of a day), enterprises (units), evidence (photos, official documents)

What was reported and decided is appended, never edited, with the day it held and the moment we knew. Production
statistics (`in_statistics`, DOMAIN §2.5) are counted here; what counts for “零事故” is decided above.
"""
