"""分类 Supervision: the class of every unit, A to D, with its reasons, on any day; and who decided otherwise.

Words     class 类别 · computed 计算类别 · effective 执行类别 · evaluation 评定 · current class 现行类别 · scheme 方案
          cap 封顶 · review 定期评审 · acceptance 现场验收 (before leaving D) · manual class 人工调整
Rooms     rules/ facts and a scheme in, a class with its explanation out: pure · schemes.py the dated documents
          facts.py the facts of many units at once · deciding.py computed → effective for a current class
          actions.py evaluate, review, accept, set_manual · explaining.py what a door answers
Leans on  reference (schemes, frequencies), enterprises (stated facts; it writes the class onto the unit), risks
          (dual prevention), hazards, inspections, zero_accident

An evaluation has two times: the day it is about (`on`) and when we knew (`made_at`). It is never edited: what we learn
later about a day is another evaluation of that day. It holds its facts, so that it can be recomputed, and what became
of the class.
"""
