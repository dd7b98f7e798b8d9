"""档案 Files: everything on a unit in one call (一企一档), and who knew what, when, under which rule and what they did (尽职档案).

Rooms     sections.py what a file is made of · unit.py the sections of a unit · words.py what a line of the trail is called, and its rule
          duty.py a hazard's or an accident's file, each line proven by its seal · printing.py as PDF (templates/file.typ)
"""
