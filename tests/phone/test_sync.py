"""同步: a phone that asks now and then has what a new one would be given, whatever happened in between and however its pages fell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Certificate, User
from enterprises.following import follow
from enterprises.models import Enterprise
from hazards.models import Hazard
from hazards.states import State
from inspections.models import Task, YearCount
from phone.sync.cursor import Cursor
from safety_api.stamps import begin_epoch
from tests.cast.hazards import a_hazard_in
from tests.cast.people import ELSEWHERE, HOME, OTHER_VILLAGE, VILLAGE
from tests.cast.units import a_unit, another_unit
from tests.conftest import tries
from tests.ground.connections import another, as_owner, phone_of

SYNC = "/api/v1/sync"


class Phone:
    """As docs/mobile.md says it: it empties itself at a reset, forgets what is gone, then takes rows and lists as they come."""

    def __init__(self, who: Any, limit: int = 2000):
        self.client, self.limit, self.cursor, self.pages = phone_of(who) if isinstance(who, str) else who, limit, "", 0
        self.has: dict[str, dict[str, list]] = {}
        self.lists: dict[str, list] = {}

    def sync(self) -> Phone:
        more = True
        while more:
            page = self.ask()
            self.take(page)
            more = page["more"]
        return self

    def ask(self, **query: Any) -> dict[str, Any]:
        known = {"limit": self.limit} | ({"cursor": self.cursor} if self.cursor else {})
        answer = self.client.get(SYNC, {**known, **query})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def take(self, page: dict[str, Any]) -> None:
        self.pages += 1
        if page["reset"]:
            self.has, self.lists = {}, {}
        for name, told in page["streams"].items():
            kept = self.has.setdefault(name, {})
            for key in told["gone"]:
                kept.pop(key, None)
            for row in told["rows"]:
                kept[str(row[0])] = row
        self.lists |= {name: told["rows"] for name, told in page["lists"].items()}
        self.cursor = page["cursor"]

    def keys(self, stream: str) -> set[str]:
        return set(self.has.get(stream, {}))

    @property
    def whole(self) -> dict[str, Any]:
        return {name: rows for name, rows in self.has.items() if rows} | {"lists": self.lists}


def a_task(number: int, *names: str) -> Task:
    people = [user.pk for user in User.objects.filter(username__in=names)]
    return Task.objects.create(
        id=UUID(int=number), enterprise_id=Enterprise.objects.values_list("pk", flat=True)[0], region_code=VILLAGE, sector_id="coal_mine",
        kind="routine", authority="administrative", due_on="2026-12-31", assignees=people,
    )  # fmt: skip


# --- what comes ---------------------------------------------------------------------------------------------------------------
def test_the_first_sync_brings_the_jurisdiction_and_nothing_else(committed):
    mine, theirs = a_unit(), another_unit()
    a_hazard_in(unit=mine)
    a_task(1, "inspector")
    phone = Phone("township").sync()
    assert phone.keys("enterprises") == {str(mine.pk)}
    assert phone.keys("hazards") == {str(Hazard.objects.get().pk)}
    assert str(theirs.pk) not in repr(phone.whole)


def test_a_unit_is_told_with_what_a_phone_looks_it_up_by(committed):
    a_unit(name="蔚汾煤业", credit_code="91141123MA0K000135", no_credit_code_reason="")
    phone = Phone("inspector")
    told = phone.ask()["streams"]["enterprises"]
    row = dict(zip(told["columns"], told["rows"][0], strict=True))
    assert (row["name"], row["initials"], row["credit_code"], row["region"]) == ("蔚汾煤业", "yfmy", "91141123MA0K000135", VILLAGE)


def test_closed_hazards_and_units_are_not_brought_to_a_new_phone(committed):
    a_hazard_in(State.CLOSED, a_unit(status="closed", closed_on="2026-01-01"))
    phone = Phone("township").sync()
    assert (phone.keys("hazards"), phone.keys("enterprises")) == (set(), set())


def test_people_and_checklists_come_whole(committed):
    phone = Phone("inspector").sync()
    assert {"coal_mine", "general"} <= {row[0] for row in phone.lists["checklists"]}
    assert len(phone.lists["people"]) == len({row[0] for row in phone.lists["people"]}) > 3


def test_an_administrator_has_no_phone(committed):
    assert phone_of("sysadmin").get(SYNC).status_code == 403


# --- what changes -------------------------------------------------------------------------------------------------------------
def test_without_news_nothing_comes_and_one_statement_is_asked(committed):
    a_unit()
    phone = Phone("township").sync()
    cursor = phone.cursor
    with CaptureQueriesContext(connection) as asked:
        page = phone.ask()
    assert (page["streams"], page["lists"], page["more"], page["cursor"]) == ({}, {}, False, cursor)
    assert len(asked) == 2  # whose token it is, and how far one may read


def test_a_hazard_that_was_closed_is_gone(committed):
    hazard = a_hazard_in(unit=a_unit())
    phone = Phone("township").sync()
    Hazard.objects.filter(pk=hazard.pk).update(state=State.CLOSED, closed_on="2026-11-30")
    page = phone.ask()
    assert page["streams"]["hazards"] == {**page["streams"]["hazards"], "rows": [], "gone": [str(hazard.pk)]}


def test_a_unit_that_moved_is_gone_from_one_phone_and_comes_to_the_other(committed):
    unit = a_unit()
    here, there = Phone("township").sync(), Phone("inspector2").sync()
    Enterprise.objects.filter(pk=unit.pk).update(region_code=OTHER_VILLAGE)
    assert (here.sync().keys("enterprises"), there.sync().keys("enterprises")) == (set(), {str(unit.pk)})


def test_the_counts_of_a_unit_that_moved_go_with_it(committed):
    unit = a_unit()
    YearCount.objects.create(enterprise=unit, year=timezone.localdate().year, department="emergency", word="daily", made=2, counted=1)
    here, there = Phone("township").sync(), Phone("inspector2").sync()
    had = here.keys("counts")
    with transaction.atomic():
        Enterprise.objects.filter(pk=unit.pk).update(region_code=OTHER_VILLAGE)
        unit.refresh_from_db()
        follow(unit, VILLAGE, User.objects.get(username="bureau"))
    assert (len(had), here.sync().keys("counts")) == (1, set())
    assert [row[2:] for row in there.sync().has["counts"].values()] == [[timezone.localdate().year, "emergency", "daily", 2, 1]]


def test_a_task_given_to_others_is_gone_from_whoever_had_it(committed):
    a_unit()
    task = a_task(1, "inspector")
    phone = Phone("inspector").sync()
    assert phone.keys("tasks") == {str(task.pk)}
    Task.objects.filter(pk=task.pk).update(assignees=[User.objects.get(username="department").pk])
    assert phone.sync().keys("tasks") == set()


def test_what_is_deleted_elsewhere_is_not_told(committed):
    a_unit()
    theirs = another_unit()
    phone = Phone("township").sync()
    with as_owner():
        theirs.delete()
    assert str(theirs.pk) not in repr(phone.ask())


def test_a_certificate_brings_the_list_of_people_anew(committed):
    phone = Phone("inspector").sync()
    Certificate.objects.create(
        user=User.objects.get(username="inspector"), number="晋J1", issued_by="兴县人民政府", valid_from="2024-01-01", valid_to="2030-12-31"
    )
    page = phone.ask()
    assert (list(page["lists"]), page["streams"]) == (["people"], {})


def test_a_row_of_a_transaction_that_commits_late_is_not_missed(committed):
    early, late = a_unit(), another_unit(region_code=VILLAGE)
    phone = Phone("township").sync()
    with another() as slow:
        slow.execute("UPDATE enterprises_enterprise SET name = '先写后交' WHERE id = %s", [late.pk])
        Enterprise.objects.filter(pk=early.pk).update(name="后写先交")
        phone.sync()
        slow.commit()
    assert {row[1] for row in phone.sync().has["enterprises"].values()} == {"先写后交", "后写先交"}


# --- cursors ------------------------------------------------------------------------------------------------------------------
def test_pages_of_one_row_bring_the_same_as_one_page(committed):
    for number in range(1, 6):
        a_unit(UUID(int=number), name=f"演示{number}号煤矿")
    slow, quick = Phone("township", limit=1).sync(), Phone("township").sync()
    assert (slow.whole, slow.pages > quick.pages) == (quick.whole, True)


def test_after_a_restore_the_phone_begins_anew(epoch_put_back):
    unit = a_unit()
    phone = Phone("township").sync()
    with as_owner():
        begin_epoch()
    page = phone.ask()
    assert (page["reset"], page["streams"]["enterprises"]["rows"][0][0]) == (True, str(unit.pk))


def test_after_a_transfer_the_phone_begins_anew_in_the_new_jurisdiction(committed):
    a_unit(), another_unit()
    phone = Phone("township").sync()
    User.objects.filter(username="township").update(region=ELSEWHERE)
    try:
        assert phone.sync().keys("enterprises") == {str(another_unit_key())}
    finally:
        User.objects.filter(username="township").update(region=HOME)


def test_a_first_round_that_a_transfer_breaks_off_begins_anew_too(committed):
    a_unit(), another_unit()
    phone = Phone("township", limit=1)
    for _ in range(3):
        phone.take(phone.ask())
    User.objects.filter(username="township").update(region=ELSEWHERE)
    try:
        assert phone.ask()["reset"] is True
        assert phone.sync().keys("enterprises") == {str(another_unit_key())}
    finally:
        User.objects.filter(username="township").update(region=HOME)


def another_unit_key() -> UUID:
    return Enterprise.objects.get(region_code=OTHER_VILLAGE).pk


def test_the_cursor_of_another_person_brings_ones_own_from_the_beginning(committed):
    a_unit(), another_unit()
    theirs = Phone("inspector2").sync().cursor
    phone = Phone("township")
    phone.cursor = theirs
    page = phone.ask()
    assert page["reset"] and [row[0] for row in page["streams"]["enterprises"]["rows"]] == [str(Enterprise.objects.get(region_code=VILLAGE).pk)]


@pytest.mark.parametrize("cursor", ["0", "e30", "W10", "WyIiLDAsMCwiIiwwLCIiLC0xLC0xXQ", "é", "x" * 601, str(Cursor())[:-3]])
def test_what_we_did_not_make_is_no_cursor(committed, cursor):
    answer = phone_of("inspector").get(SYNC, {"cursor": cursor})
    assert answer.status_code == 400


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 5001}, {"limit": "x"}, {"since": "1"}])
def test_unknown_words_and_limits_are_refused(committed, query):
    assert phone_of("inspector").get(SYNC, query).status_code == 400


# --- whatever happens ---------------------------------------------------------------------------------------------------------
UNITS = [UUID(int=number) for number in range(1, 5)]
DEEDS = st.sampled_from(["move", "close", "open", "rename", "hazard", "closed", "reopened", "task", "reassign", "done", "page"])


def do(deed: str, number: int) -> None:
    unit, units = UNITS[number], Enterprise.objects.filter(pk=UNITS[number])
    hazards, tasks = Hazard.objects.filter(enterprise_id=unit), Task.objects.filter(pk=UUID(int=100 + number))
    match deed:
        case "move":
            away = units.filter(region_code=VILLAGE).exists()
            units.update(region_code=OTHER_VILLAGE if away else VILLAGE)
        case "close":
            units.update(status="closed")
        case "open":
            units.update(status="operating")
        case "rename":
            units.update(name=f"又名{number}")
        case "hazard":
            if not hazards.exists():
                a_hazard_in(unit=units[0], key=UUID(int=200 + number), photo=None)
        case "closed":
            hazards.update(state=State.CLOSED, closed_on="2026-11-30")
        case "reopened":
            hazards.update(state=State.REPORTED, closed_on=None)
        case "task":
            if not tasks.exists():
                a_task(100 + number, "township")
        case "reassign":
            tasks.update(assignees=[User.objects.get(username=("inspector", "township")[number % 2]).pk])
        case "done":
            tasks.update(done_by=UUID(int=1))


@pytest.fixture
def county(committed):
    for number, key in enumerate(UNITS):
        a_unit(key, name=f"演示{number}号煤矿")
    return Phone("township", limit=2).sync()


@settings(max_examples=tries(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(DEEDS, st.integers(0, 3)), min_size=1, max_size=8))
def test_a_phone_that_followed_has_what_a_new_one_is_given(county, deeds):
    for deed, number in deeds:
        if deed == "page":
            county.take(county.ask())  # a round may be left in the middle and go on later
        else:
            do(deed, number)
    while True:  # one round to end what was under way, one for what came meanwhile
        county.sync()
        if not county.ask()["streams"]:
            break
    assert county.whole == Phone(county.client).sync().whole
