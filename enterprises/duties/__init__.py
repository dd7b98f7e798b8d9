"""到期的事 What falls due for a unit by what is stated of it: plans, drills, certificates of special operations, policies.

rules.py what is due when, and what a record amounts to by the law of its day, pure · reading.py the law and the rows of a unit
notes.py what is said beside a stated fact · reminding.py the inbox · serializers.py
"""
