"""定稿 Closings: a county's month, or its year, reconciled, objected to, signed and frozen; what comes later is a revision.

Words     closing 月度（年度）定稿 · sign 签发 · freeze 冻结 · revision 修订 · period 月、年 · keeper 掌稿人（应急局、安委办）
Rooms     periods.py a county's year: its lock, what is over, what may still be changed · rules.py what the dated document
          says · source_lists/ departments' lists in · reconciliation/ theirs against ours · objections/ of townships ·
          content/ what is signed · readiness.py what is missing for a signature · states.py who may · actions.py open, sign,
          freeze, revise · changed_since.py frozen against now · visibility.py who reads what · fields.py what the shapes of
          all doors share · querysets.py serializers.py views.py urls.py tasks.py the doors
Leans on  zero_accident (ratios, ranking, who broke), hazards (what is overdue), reference (the dated document `closing`);
          of our rooms the bulletins, which follow a signature and a freeze in the same transaction

What is live is live; what is published is a closing. A frozen revision never changes.
"""
