"""检查 Inspections: a visit, what was answered, what was found, what was photographed; and the visits still to make.

Words     inspection 检查 · checklist 检查表 · answer 检查项结果 · task 检查任务 · receipt 回执 · authority 检查名义
Rooms     actions.py receiving a visit whole, once · rules.py what a body must hold together · querysets.py whose visits ·
          facts.py what visits say of a class
Leans on  hazards (a visit reports and reviews them), evidence (photos), enterprises, reference (checklists)
"""
