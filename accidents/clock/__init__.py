"""报告时限: who learned of an accident when, the legs that follow, what was sent and taken, reminders, entering in statistics.

Rooms     limits.py which limits bind · keeping.py legs opened and voided · legs.py their verbs · reminding.py · statistics.py ·
          shown.py the clock of a moment · views.py serializers.py doors
"""
