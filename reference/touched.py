"""Kinds by which no record is judged that stays open: they are read for the moment itself."""

from safety_api.loads import touches_no_record

touches_no_record("law_calendar", "law_certainty", "checklist_criteria", "field_times", "field_remarks", "outward_notices", "duty_desk")
