"""考核通报 Assessment: the month closed, signed, frozen and published; the year judged.

Words     closing 月度（年度）定稿 · bulletin 通报 · sheet 考核表 · veto 一票否决 · key patrol 重点巡查
Rooms     closings/ a month or a year: lists, differences, objections, signed and frozen · bulletins/ the monthly bulletin, from what
          was signed · yearly/ sheets, vetoes and the key-patrol list of a year ·
          models/ one file a noun · urls.py handlers.py tasks.py papers.py demo.py what of all rooms is declared above
Leans on  zero_accident (ratios, ranking, who broke), hazards (figures), inspections, enforcement, accounts, evidence (official
          documents, numbers)
"""
