"""考核通报 Assessment: the month closed, signed, frozen and told; the year judged.

Words     closing 月度（年度）定稿 · source list 部门月报 (police, fire brigade) · match 比对 · difference 差异 · objection 异议
          sign 签发 · freeze 冻结 · revision 修订 · bulletin 通报 · sheet 考核表 · veto 一票否决 · key patrol 重点巡查
Rooms     models/ one file a noun · closing.py open, sign, freeze, revise: every write of a closing · states.py who may ·
          content.py what is signed · changes.py frozen against now · publishing.py who reads what · terms.py the dated settings ·
          periods.py a county's year and its lock · lists.py departments' lists in · matching.py pure · reconciling.py
          differences and decisions · objecting.py objections and answers ·
          yearly/ sheets, vetoes and the key-patrol list of a year
Leans on  zero_accident (ratios, ranking, who broke), hazards (figures), inspections, accounts, evidence (fonts, layout)

What is live is live; what is told to others is a closing: worked out, objected to, answered, signed and then frozen. A
frozen revision never changes: what comes later is another revision with its reason.
"""
