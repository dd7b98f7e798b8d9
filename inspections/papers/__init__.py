"""文书 What a visit says in a paper, in the form of its own day.

Rooms     subjects.py the records that papers are made from, and the day that each speaks of · course.py type, source, assistants, count of the
          year, bans: what papers say since the course of inspections is in force · before.py approval, notice, plan · records.py what is
          written at the visit · result.py what the unit is told of it · outcome.py orders and whatever else comes out of it
"""

from inspections.papers import before, outcome, records, result, subjects

__all__ = ["before", "outcome", "records", "result", "subjects"]
