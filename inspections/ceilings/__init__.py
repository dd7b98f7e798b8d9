"""频次上限 How often a unit may be inspected in a year, and how often it was.

Words     ceiling 上限 (published by an authority, else ours) · floor 下限 · key 依据 of a ceiling · authority the department it binds
Rooms     rules.py a ceiling from the documents and a unit on a day: pure · documents.py what is in force for whom ·
          counting.py visits into the kept figures of a unit and year · reading.py the year of a unit, for doors and papers ·
          lists.py units whose floor is lowered, or whose key nobody has stated
"""
