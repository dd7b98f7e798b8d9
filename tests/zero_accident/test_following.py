"""The seam between what happened and what counts: who follows an accident in its transaction, and what is added to it."""

from __future__ import annotations

import pytest

from accidents import additions, following
from accidents.models import Accident, AccidentReport
from safety_api.models import OutboxMessage, TrailLine
from tests.enterprises.units import mine
from tests.zero_accident.cast import PAPER, tell
from zero_accident.additions import by_effect
from zero_accident.attribution import actions
from zero_accident.figures.keeping import follow
from zero_accident.models import Break, FigureRevision

pytestmark = pytest.mark.django_db


def test_only_the_figures_follow_an_accident():
    assert [follow] == following.FOLLOWERS


def test_overrides_and_breaks_are_all_that_is_added_to_an_accident():
    assert list(additions.PARTS) == ["overrides", "breaks"]
    assert [(list(each.parameters), each.narrow) for each in additions.NARROWINGS] == [(["effect", "policy"], by_effect)]


def test_a_follower_that_fails_takes_the_report_back(people, monkeypatch):
    def fails(accident, known, reason):
        raise RuntimeError("the figures cannot follow")

    before = TrailLine.objects.count()
    monkeypatch.setattr(following, "FOLLOWERS", [follow, fails])
    with pytest.raises(RuntimeError):
        tell()
    kept = (Accident, AccidentReport, Break, FigureRevision)
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]
    assert TrailLine.objects.count() == before


def test_the_figures_have_followed_when_the_report_is_answered(as_):
    tell()
    assert (Break.objects.count(), FigureRevision.objects.count()) == (1, 1)


def test_a_unit_charged_by_approval_is_named_to_those_who_hear_of_the_accident(people):
    accident, unit = tell(), mine()
    actions.override(accident.pk, by=people["bureau"], subject="unit", effect="charge", enterprise=unit.pk, **PAPER)
    assert OutboxMessage.objects.filter(topic="accident.changed").latest("id").payload["enterprises"] == [str(unit.pk)]
