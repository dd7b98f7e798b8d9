"""What several connections see after real commits: numbers without gaps, one correction, one original; and rows nobody can change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, connection, connections, transaction

from accounts.models import User
from evidence.papers import actions
from evidence.papers.models import Paper, Scan
from safety_api.problems import Problem
from tests.cast import papers
from tests.conftest import OWNER
from tests.papers.test_issuing import CHANGES

PDF = b"%PDF-1.7\n" + b"x" * 100 + b"\n%%EOF\n"


@pytest.fixture
def officers(committed):
    found = {name: User.objects.get(username=name) for name in ("inspector", "department")}
    for user in found.values():
        papers.certify(user)
    return found


@pytest.fixture
def hazard(officers):
    papers.mine()
    return papers.a_hazard()


def at_once(times: int, one) -> list:
    """Each in a thread with a connection of its own."""

    def alone(number: int):
        try:
            return one(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


def issue(hazard, officers) -> Paper:
    return actions.issue("rectify_order", hazard, by=officers["inspector"], officers=[officers["department"].pk])


def test_concurrent_issuing_leaves_no_gap_and_no_duplicate_number(hazard, officers):
    def one(number: int) -> int | None:
        """Every third one fails after its number was taken."""
        try:
            with transaction.atomic():
                paper = issue(hazard, officers)
                if number % 3 == 2:
                    raise RuntimeError("the step failed")
        except RuntimeError:
            return None
        return paper.sequence

    taken = [number for number in at_once(12, one) if number]
    assert sorted(taken) == list(range(1, 9))
    assert sorted(Paper.objects.values_list("sequence", flat=True)) == list(range(1, 9))


def test_of_concurrent_corrections_one_succeeds_and_takes_one_number(hazard, officers):
    wrong = issue(hazard, officers)

    def one(_: int) -> str:
        try:
            paper = Paper.objects.select_related("corrected_by").get(pk=wrong.pk)
            actions.correct(paper, by=officers["inspector"], reason="期限误写", officers=[officers["department"].pk])
        except Problem as problem:
            return problem.kind.code
        return "done"

    assert sorted(at_once(4, one)) == ["done", "paper_corrected", "paper_corrected", "paper_corrected"]
    assert list(Paper.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2]


def test_of_concurrent_scans_one_is_kept_and_the_others_are_refused(hazard, officers):
    paper = issue(hazard, officers)

    def one(number: int) -> str:
        try:
            actions.keep_scan(paper, [PDF + bytes([number]) * 3 + b"%%EOF"], by=officers["inspector"], again=False)
        except Problem as problem:
            return problem.kind.code
        return "kept"

    assert sorted(at_once(3, one)) == ["kept", "scan_stands", "scan_stands"]
    assert Scan.objects.count() == 1


def test_even_the_owner_of_the_tables_cannot_change_a_paper(hazard, officers):
    from tests.template import speak_as

    issue(hazard, officers)
    runner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    try:
        speak_as(OWNER)
        for change in CHANGES:
            with pytest.raises(Error, match="append-only"), connection.cursor() as cursor:
                cursor.execute(change)
    finally:
        speak_as(runner)
