"""企业 Enterprises: who is under supervision, since when, in which condition, and what is stated about them, by whom.

Words     enterprise 单位 · site 场所 · credit code 统一社会信用代码 · stated fact 事实 · licence 许可 · insurance 保险
          condition 状况 (status, place, sector over time) · standardization 安全生产标准化 · class 分类监管类别
Rooms     kinds.py which facts there are, what each says, who may state it · rules.py credit codes
          names.py how names are found · history.py rewriting a condition in two times
          checks.py what is wrong with an entry · class_facts.py what facts amount to
          facts.py the same for many units, set-based · sheets.py the columns of the Excel lists
Leans on  reference (sectors, minimum levels), accounts (who, masks), geo (villages, points)

Conditions are half-open [held_from, held_to), because one follows upon another. Stated facts and certificates include
their last day, as printed on the paper. Both have two times: when it held, and when we knew (`known_from`, `known_to`);
a row once written is never edited, a correction is another row.
"""
