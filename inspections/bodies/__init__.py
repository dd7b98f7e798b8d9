"""检查主体 Who inspects: the county's list, two certified officers, experts by name.

Rooms     rules.py what of it is remarkable in a visit, pure · facts.py who made it · actions.py a list is entered · views.py serializers.py its door
"""
