"""部门月报 Departments' lists of a month (police, fire brigade): the whole list or nothing, every faulty cell named.

Words     source list 部门月报 · edition 版次 · nil return 零报告
Rooms     columns.py how cells are read · gazetteer.py which place is meant · actions.py a list taken in · querysets.py the
          edition that holds · serializers.py views.py urls.py the doors
"""
