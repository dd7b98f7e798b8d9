"""异议 Objections of townships to what an accident was taken for, answered by the bureau; what is upheld is carried out.

Words     objection 异议 · answer 答复 · uphold 异议成立 · remedy 更正
Rooms     actions.py object, withdraw, answer · querysets.py whose they are · serializers.py views.py urls.py the doors
"""
