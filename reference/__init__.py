"""法规与参照 Reference: law as dated data. What holds on a day, since when, and from which source.

Words     rule document 规定 (kind, code, version, in force from–to, both days included) · sector 领域 · department 部门
          supervise 监管 / manage 行业管理 / assist 配合 · checklist 检查表 · holiday 节假日, swapped working day 调休
Rooms     data/ the files a person reviews, one TOML file a version, or one of single values that change · terms.py the words
          of law · shapes.py what each kind of body must hold · versions.py what holds on each day, single values changed
          files.py files → records, or the file and key that are wrong · rules.py days and overlaps, pure
          actions.py the load, one transaction · law.py `in_force`, `read` and the other questions, answered from
          memory
          views.py sectors, checklists, hazard standards, rules
Leans on  safety_api only

A new rule is a new file with a new version, or a file of `[[changes]]` for single values of it; a version that has been in
force is never edited (`load_reference` refuses).
"""
