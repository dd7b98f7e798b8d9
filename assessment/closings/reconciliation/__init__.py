"""比对 Reconciliation: departments' rows against our accidents, and what a person decides where they differ.

Words     match 比对 · difference 差异 · settlement 比对认定 · create 补录 · set aside 不补录 · unlisted 对方未列
Rooms     matching.py pure: what may be the same, where both differ · differences.py what is there of a month, worked out ·
          actions.py every decision · querysets.py decisions in force · serializers.py views.py urls.py the doors
"""
