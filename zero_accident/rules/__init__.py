"""“零事故” and its ranking as pure rules over visible tables: no database, no clock, no float.

policy      ZA-2021-1 and its parameters, read from the document
attribution whom an approved decision charges or lets off
breaking    whom an accident breaks, and by which line of the policy; veto
ratios      denominators, merged villages, ratio against target, how many more may break
forecasting how a year may still end, in a sentence
parameters  every line of a policy by its code
ranking     townships in order
standards   who is accepted by the nine creation standards for a year

Days are days in Asia/Shanghai, given by the caller. Money is Decimal or whole yuan; a float is a TypeError.
「以上」 includes the number, 「以下」 excludes it (国务院令第493号 末款) — in every table here.
"""

from zero_accident.rules.attribution import AttributedAccident, Override
from zero_accident.rules.breaking import (
    SubjectBreak,
    Verdict,
    breaks,
    effective_deaths,
    is_undetermined,
    judge,
    proposes_veto,
    would_break_a_village,
)
from zero_accident.rules.forecasting import Outlook, forecast
from zero_accident.rules.parameters import Parameter, parameters_of
from zero_accident.rules.policy import CategoryLine, Policy, read_policy
from zero_accident.rules.ranking import Ranked, RankRow, rank
from zero_accident.rules.ratios import (
    Ratio,
    UnitFacts,
    VillageFacts,
    YearTarget,
    broken_villages,
    in_unit_denominator,
    in_village_denominator,
    is_zero,
    period_of,
    ratio,
    spare,
    target_for,
)
from zero_accident.rules.standards import is_accepted, marks_of, missing

__all__ = [
    "AttributedAccident",
    "CategoryLine",
    "Outlook",
    "Override",
    "Parameter",
    "Policy",
    "RankRow",
    "Ranked",
    "Ratio",
    "SubjectBreak",
    "UnitFacts",
    "Verdict",
    "VillageFacts",
    "YearTarget",
    "breaks",
    "broken_villages",
    "effective_deaths",
    "forecast",
    "in_unit_denominator",
    "in_village_denominator",
    "is_accepted",
    "is_undetermined",
    "is_zero",
    "judge",
    "marks_of",
    "missing",
    "parameters_of",
    "period_of",
    "proposes_veto",
    "rank",
    "ratio",
    "read_policy",
    "spare",
    "target_for",
    "would_break_a_village",
]
