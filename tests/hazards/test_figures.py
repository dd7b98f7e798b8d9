"""隐患数字: kept by difference, equal to a rebuild, and each of them can be taken apart."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import make_aware
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards import figures
from hazards.figures.asking import Question, answer, range_of, rounded_down
from hazards.figures.behind import FIGURES, behind
from hazards.models import Counted, Figure, Hazard, HazardStep
from reference.models import Department
from safety_api import outbox
from safety_api.days import month_after
from tests.cast.people import OTHER_VILLAGE, VILLAGE
from tests.conftest import tries

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=tries(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
YEAR = 2026
TODAY = date(YEAR, 7, 15)
COUNTY = "141123"


def day(text: str) -> date:
    return date.fromisoformat(f"{YEAR}-{text}")


def noon(on: date) -> datetime:
    return make_aware(datetime.combine(on, time(12)))


def key(number: int) -> UUID:
    return UUID(int=number)


# --- a hazard's life, told by its days ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class HazardLife:
    """What happened on which day; the clock that marks the overdue runs every night."""

    found: date
    due: date
    asked: date | None = None
    moved: date | None = None  # a review failed or an extension was granted: a new deadline
    new_due: date | None = None
    asked_again: date | None = None
    confirmed: date | None = None
    ended: date | None = None
    how: str = "closed"
    level: str = "general"
    origin: str = "inspection"
    region: str = VILLAGE
    sector: str = "fire_safety"

    def is_open(self, on: date) -> bool:
        return self.found <= on and not self.has_ended(on)

    def has_ended(self, on: date) -> bool:
        return self.ended is not None and self.ended <= on

    def in_force(self, on: date) -> tuple[date, date | None]:
        """The deadline of that day, and when the unit had asked for a review."""
        due, asked = (self.new_due, self.asked_again) if self.moved and self.moved <= on else (self.due, self.asked)
        return due, asked if asked and asked <= on else None  # type: ignore[return-value]

    def is_overdue(self, on: date) -> bool:
        due, asked = self.in_force(on)
        return self.is_told(on) and self.is_open(on) and due < on and not (asked and asked <= due)

    def is_told(self, on: date) -> bool:
        """Nobody is late with what nobody confirmed."""
        return self.confirmed is not None and self.confirmed <= on

    def overdue_since(self, today: date) -> date | None:
        return next((on for on in days(self.found, today) if self.is_overdue(on)), None)

    def state(self, today: date) -> str:
        if self.has_ended(today):
            return self.how
        asked = self.in_force(today)[1]
        begun = "review_requested" if asked else "rectifying"
        return begun if self.confirmed and self.confirmed <= today else "reported"

    def write(self, number: int, today: date) -> None:
        """As it stands on that day, with its steps."""
        state, (due, asked) = self.state(today), self.in_force(today)
        columns = {
            "state": state, "level": self.level, "origin": self.origin, "sector_id": self.sector, "region_code": self.region,
            "place": "村口", "description": "疏散通道堆放杂物", "reported_by": key(1), "reporter_name": "孙村", "found_at": noon(self.found),
            "received_at": noon(self.found), "due_on": due, "review_requested_on": asked, "overdue_since": self.overdue_since(today),
            "closed_on": self.ended if state == "closed" else None,
        }  # fmt: skip
        Hazard.objects.update_or_create(id=key(number), defaults=columns)
        HazardStep.objects.filter(hazard=key(number)).delete()
        shown = [("report", "reported", self.found, self.due), ("confirm", "confirmed", self.confirmed, None),
                ("extend", self.moved and self.state(self.moved), self.moved, self.new_due), ("end", self.how, self.ended, None)]  # fmt: skip
        HazardStep.objects.bulk_create(
            HazardStep(hazard_id=key(number), step=step, after=after, happened_at=noon(on), by_name="孙村", by_role="village_officer", due_on=due_on)
            for step, after, on, due_on in shown
            if on and on <= today
        )  # fmt: skip


def days(first: date, last: date):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@contextmanager
def a_world():
    """Nothing outlives the example."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def record_lives(*lives: HazardLife, today: date = TODAY) -> None:
    for number, life in enumerate(lives, 1):
        life.write(number, today)
    figures.follow([key(number) for number in range(1, len(lives) + 1)])


def ask(first: str = "01", last: str = "07", by=("township",), region=COUNTY, today=TODAY, **equal):
    over = range_of(day(f"{first}-01"), day(f"{last}-01"), today)
    return answer(Question(over, by, region, equal))


def total(*args, **kwargs) -> dict:
    return ask(*args, **kwargs)[1]


# --- what one hazard counts for -----------------------------------------------------------------------------------------------
MARCH = {"found": day("03-02"), "due": day("03-09"), "confirmed": day("03-03")}
HAZARD_LIVES = [  # life, (confirmed, cleared, due, on time, closed, open, overdue) in March
    (HazardLife(**MARCH, asked=day("03-08"), ended=day("03-12")), (1, 1, 1, 1, 1, 0, 0)),  # asked for in time, and passed
    (HazardLife(**MARCH, ended=day("03-09")), (1, 1, 1, 1, 1, 0, 0)),  # closed on its last day
    (HazardLife(**MARCH, asked=day("03-10"), ended=day("03-12")), (1, 1, 1, 0, 1, 0, 0)),
    (HazardLife(**MARCH, ended=day("03-10")), (1, 1, 1, 0, 1, 0, 0)),
    (HazardLife(**MARCH, ended=day("04-02")), (1, 1, 1, 0, 0, 1, 1)),  # overdue at the end of March, closed in April
    (HazardLife(**MARCH, asked=day("03-08")), (1, 0, 0, 0, 0, 1, 0)),  # nobody has reviewed it: the authority's own affair
    (HazardLife(**MARCH | {"confirmed": None}), (0, 0, 0, 0, 0, 1, 0)),  # nobody has confirmed it: not due
    (HazardLife(**MARCH), (1, 0, 1, 0, 0, 1, 1)),
    (HazardLife(**MARCH, moved=day("03-15"), new_due=day("03-20"), asked_again=day("03-19"), ended=day("03-21")),
     (1, 1, 1, 0, 1, 0, 0)),  # once overdue never on time
    (HazardLife(**MARCH, moved=day("03-15"), new_due=day("06-01"), ended=day("05-20")), (1, 1, 1, 0, 0, 1, 0)),  # fell due in March for ever
    (HazardLife(**MARCH, asked=day("03-08"), moved=day("03-12"), new_due=day("03-20"), asked_again=day("03-20"), ended=day("03-25")),
     (1, 1, 1, 1, 1, 0, 0)),  # failed once, within its time
    (HazardLife(**MARCH, ended=day("03-05"), how="rejected"), (0, 0, 0, 0, 0, 0, 0)),
    (HazardLife(**MARCH, ended=day("03-20"), how="unit_closed"), (0, 0, 0, 0, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize("life, counts", HAZARD_LIVES)
def test_a_hazard_counts_in_the_figures_of_its_month_by_its_life(life, counts):
    record_lives(life)
    sums = total("03", "03")
    assert sums["found"] == 1
    assert tuple(sums[name] for name in ("confirmed", "cleared", "due", "on_time", "closed", "open", "overdue")) == counts


@pytest.mark.parametrize("how", ["void", "transferred"])
def test_a_void_or_transferred_hazard_counts_in_no_figure(how):
    record_lives(HazardLife(**MARCH))
    assert total()["found"] == 1
    record_lives(HazardLife(**MARCH, ended=day("03-20"), how=how))
    sums = total()
    assert {sums[name] for name in FIGURES if name in sums} == {0}
    assert not Counted.objects.exists()


def test_an_extension_granted_late_does_not_erase_the_overdue_month():
    record_lives(HazardLife(**MARCH, moved=day("04-10"), new_due=day("08-01")))
    assert [row["overdue"] for row in ask(by=("month",))[0]] == [1, 0, 0, 0, 0]
    assert (total("03", "03")["late"], total("04", "07")["due"]) == (1, 0)


def test_in_the_running_month_only_deadlines_already_reached_count_as_due():
    lives = [HazardLife(found=day("07-01"), due=day(on), confirmed=day("07-01"), ended=ended and day(ended))
             for on, ended in [("07-14", None), ("07-15", None), ("07-15", "07-10"), ("07-20", None), ("07-20", "07-10")]]  # fmt: skip
    record_lives(*lives)
    sums = total()
    assert (sums["due"], sums["on_time"], sums["late"], sums["overdue"]) == (2, 1, 1, 1)
    later = total(today=day("07-25"))
    assert (later["due"], later["on_time"]) == (5, 2)


def test_average_days_are_a_fraction_shown_rounded_down():
    record_lives(*(HazardLife(**MARCH, ended=day("03-02") + timedelta(days=n)) for n in (0, 1, 7)))
    assert total()["average_days"] == {"numerator": 8, "denominator": 3, "days": "2.66"}


@pytest.mark.parametrize("part, whole, shown", [(2, 3, "66.66"), (1, 1, "100.00"), (0, 5, "0.00"), (99999, 100000, "99.99"), (1, 0, None)])
def test_a_rate_is_rounded_down(part, whole, shown):
    assert rounded_down(part * 100, whole) == shown


# --- the hazards behind a figure -------------------------------------------------------------------------------------------------
EDGES = [noon(day(on)).replace(hour=hour, minute=minute, second=second, microsecond=micro)
         for on in ("02-28", "03-01", "03-31", "04-01", "04-30", "05-01")
         for hour, minute, second, micro in ((0, 0, 0, 0), (23, 59, 59, 999_999))]  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES)
def test_limiting_the_query_by_finding_time_omits_no_hazard(figure):
    for number, moment in enumerate(EDGES, 1):
        found = moment.date()
        life = HazardLife(found=found, due=found + timedelta(days=number % 4 * 9), confirmed=found + timedelta(days=number % 3),
                    ended=found + timedelta(days=number * 3) if number % 2 else None)  # fmt: skip
        life.write(number, TODAY)
    Hazard.objects.bulk_update([Hazard(pk=key(n), found_at=moment) for n, moment in enumerate(EDGES, 1)], ["found_at"])
    figures.follow(key(number) for number in range(1, len(EDGES) + 1))
    met = set()
    for first, last in (("03", "03"), ("03", "04"), ("04", "04"), ("01", "02"), ("05", "07")):
        over = range_of(day(f"{first}-01"), day(f"{last}-01"), TODAY)
        counted = set(Hazard.objects.filter(COUNTED_ONLY[figure](over)).values_list("pk", flat=True))
        assert set(Hazard.objects.filter(behind(figure, over)).values_list("pk", flat=True)) == counted
        met |= counted
    assert met


COUNTED_ONLY = {name: condition for name, (_, condition) in FIGURES.items()} | {
    "found": lambda over: Q(counted__found_on__range=(over.first, over.end))
}


def test_the_list_behind_a_past_figure_reads_the_index_from_its_range():
    over = range_of(day("02-01"), day("02-01"), TODAY)
    rows = Hazard.objects.filter(behind("uncleared", over)).order_by("-found_at", "id")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # an empty table has no other reason to go by the index
    plan = rows.explain()
    assert "Index Scan using hazard_newest" in plan and "Index Cond: (found_at < " in plan, plan


# --- random lives: increments, any order, repeats, rebuild, and counting by hand ---------------------------------------------------
SPAN = st.integers(0, 60)


@st.composite
def lives(draw) -> HazardLife:
    found = date(YEAR, 1, 1) + timedelta(days=draw(st.integers(0, 150)))
    due = found + timedelta(days=draw(st.integers(0, 40)))

    def after(on: date) -> date | None:
        return on + timedelta(days=draw(SPAN)) if draw(st.booleans()) else None

    confirmed = found + timedelta(days=draw(st.integers(0, (due - found).days))) if draw(st.booleans()) else None
    told = confirmed or found  # no review is asked for and no deadline moved before
    asked, moved = after(told), after(told + timedelta(days=1))
    asked = asked if moved is None or (asked and asked < moved) else None
    new_due = moved + timedelta(days=draw(st.integers(1, 40))) if moved else None
    again = after(moved) if moved else None
    how = draw(st.sampled_from(["closed", "closed", "closed", "rejected", "unit_closed", "void", "transferred"]))
    confirmed = None if how == "rejected" else confirmed  # what was confirmed is not rejected any more
    if confirmed is None:
        asked = moved = new_due = again = None  # nobody was told
    last = max(each for each in (found, asked, moved, again, confirmed) if each)
    return HazardLife(
        found, due, asked, moved, new_due, again, confirmed, after(last),
        how=how,
        level=draw(st.sampled_from(["general", "general", "major"])),
        origin=draw(st.sampled_from(["inspection", "self"])),
        region=draw(st.sampled_from([VILLAGE, OTHER_VILLAGE])),
        sector=draw(st.sampled_from(["fire_safety", "coal_mine"])),
    )  # fmt: skip


LIVES = st.lists(lives(), min_size=1, max_size=5)


@given(LIVES, st.data())
@FEW
def test_repeated_or_unordered_messages_give_the_figures_of_a_rebuild(found, data):
    with a_world():
        numbers = range(1, len(found) + 1)
        for today in sorted(data.draw(st.lists(st.dates(day("01-10"), TODAY), max_size=3))):
            for number, life in enumerate(found, 1):
                if life.found <= today:
                    life.write(number, today)
            figures.follow(map(key, data.draw(st.lists(st.sampled_from(numbers), max_size=4))))
        for number, life in enumerate(found, 1):
            life.write(number, TODAY)
        for number in data.draw(st.permutations([*numbers, *numbers])):
            figures.follow([key(number)])
        report = figures.rebuild(check=True)
        assert (report.count, report.lines) == (0, [])
        kept = stored_rows()
        Counted.objects.all().delete()
        Figure.objects.all().delete()
        figures.rebuild()
        assert stored_rows() == kept


def stored_rows() -> tuple[list, list]:
    cells = Figure.objects.exclude(found=0, confirmed=0, closed=0, ended=0, due=0, lapsed=0, regained=0)
    columns = [field.attname for field in Figure._meta.fields if field.name not in ("id", "epoch", "xid")]
    return list(Counted.objects.order_by("pk").values_list()), sorted(cells.values_list(*columns))


def counted_by_hand(found: list[HazardLife], first: date, last: date, today: date) -> dict[str, int]:
    """The same figures, each said once in plain words over the lives themselves."""
    end = min(month_after(last) - timedelta(days=1), today)
    there = [life for life in found if not (life.has_ended(today) and life.how in ("void", "transferred"))]
    sound = [life for life in there if not (life.has_ended(today) and life.how in ("rejected", "unit_closed"))]
    closed = [life for life in sound if life.has_ended(today)]

    def within(on: date | None) -> bool:
        return on is not None and first <= on <= end

    def confirmed_on(life: HazardLife) -> date | None:
        steps = [on for on in (life.confirmed, life.ended if life in closed else None) if on and on <= today]
        return min(steps) if steps else None

    def fell_due_on(life: HazardLife) -> date:
        since = life.overdue_since(today)
        return since - timedelta(days=1) if since else life.in_force(today)[0]

    def on_time(life: HazardLife) -> bool:
        deadline, asked = life.in_force(today)
        kept_it = life in closed and (life.ended <= deadline or bool(asked and asked <= deadline))  # type: ignore[operator]
        return kept_it and life.overdue_since(today) is None

    def has_deadline(life: HazardLife) -> bool:
        """Not of what nobody confirmed, nor while a review is waited for that was asked for in time."""
        deadline, asked = life.in_force(today)
        waits = asked and asked <= deadline and life not in closed and life.overdue_since(today) is None
        return life.state(today) != "reported" and not waits

    due = [life for life in sound if has_deadline(life) and within(fell_due_on(life)) and (life in closed or fell_due_on(life) < today)]
    confirmed = [life for life in sound if life.state(today) != "reported" and within(confirmed_on(life))]
    done = [life for life in closed if within(life.ended)]
    return {
        "found": sum(within(life.found) for life in there),
        "confirmed": len(confirmed),
        "cleared": sum(life in closed for life in confirmed),
        "closed": len(done),
        "days": sum((life.ended - life.found).days for life in done),  # type: ignore[operator]
        "due": len(due),
        "on_time": sum(on_time(life) for life in due),
        "open": sum(life.is_open(end) for life in there),
        "overdue": sum(life.is_overdue(end) for life in there),
    }


@given(LIVES, st.integers(1, 7), st.integers(0, 6), st.dates(day("05-31"), TODAY))
@FEW
def test_figures_equal_an_independent_count_and_list_their_hazards(found, first, more, today):
    found = [life for life in found if life.found <= today]
    begin = date(YEAR, min(first, today.month), 1)
    over = range_of(begin, date(YEAR, min(first + more, 12), 1), today)
    with a_world():
        record_lives(*found, today=today)
        rows, sums = answer(Question(over, ("township", "month"), COUNTY))
        expected = counted_by_hand(found, over.first, over.last, today)
        assert {name: sums["average_days"]["numerator"] if name == "days" else sums[name] for name in expected} == expected
        assert sum(row["due"] for row in rows) == expected["due"]
        for row in rows:
            month = date.fromisoformat(f"{row['month']}-01")
            mine = [life for life in found if life.region.startswith(row["township"][:9])]
            alone = counted_by_hand(mine, month, month, today)
            assert {name: row[name] for name in alone if name != "days"} == {name: n for name, n in alone.items() if name != "days"}
        for figure in FIGURES:
            hazards = Hazard.objects.filter(behind(figure, over)).count()
            assert hazards == (sums["confirmed"] - sums["cleared"] if figure == "uncleared" else sums[figure]), figure


@given(LIVES)
@FEW
def test_groups_add_up_to_the_total(found):
    with a_world():
        record_lives(*found)
        for by in (("sector",), ("department",), ("level", "origin"), ("township", "sector")):
            rows, sums = ask(by=by)
            assert all(sum(row[name] for row in rows) == sums[name] for name in ("found", "due", "on_time", "open", "overdue", "major_open"))


# --- messages and the command --------------------------------------------------------------------------------------------------
def test_a_report_and_a_step_update_the_figures_through_the_outbox(as_):
    now = timezone.now()
    body = {"place": "东关村口", "region": VILLAGE, "sector": "fire_safety", "description": "疏散通道堆放杂物", "found_at": now.isoformat()}
    assert as_("township").put(f"/api/v1/hazards/{key(7)}", body, format="json").status_code == 201
    outbox.drain()
    today = timezone.localdate()
    this_month = Question(range_of(None, None, today), ("township",), COUNTY)
    assert answer(this_month)[1]["found"] == 1
    assert as_("bureau").post(f"/api/v1/hazards/{key(7)}/confirm", {"level": "general"}, format="json").status_code == 200
    outbox.drain()
    assert answer(this_month)[1]["confirmed"] == 1
    assert figures.rebuild(check=True).count == 0


def test_the_rebuild_command_reports_and_corrects_differences(capsys):
    record_lives(HazardLife(**MARCH))
    Figure.objects.update(found=5)
    HazardLife(**MARCH, ended=day("03-09")).write(1, TODAY)  # nobody said so
    with pytest.raises(SystemExit):
        call_command("rebuild_hazard_figures", check=True)
    assert total()["closed"] == 0
    call_command("rebuild_hazard_figures")
    assert (total()["found"], total()["closed"]) == (1, 1)
    call_command("rebuild_hazard_figures", check=True)
    assert "差异：隐患 0 条，月度数字 0 行" in capsys.readouterr().out


# --- doors -----------------------------------------------------------------------------------------------------------------------
URL = "/api/v1/hazard-figures"
LAST_YEAR = {"from": f"{YEAR}-01", "to": f"{YEAR}-03"}


@pytest.fixture
def two_townships(db):
    record_lives(HazardLife(**MARCH, ended=day("03-05")), HazardLife(**MARCH), HazardLife(**MARCH, region=OTHER_VILLAGE, sector="coal_mine", level="major"),
         today=day("03-31"))  # fmt: skip


def test_every_office_sees_the_figures_of_all_townships(as_, two_townships):
    answered = as_("township").get(URL, {**LAST_YEAR, "group_by": "township"})
    assert answered.status_code == 200, answered.json()
    found = answered.json()
    assert [(row["township"], row["found"]) for row in found["rows"]] == [("141123100000", 2), ("141123101000", 1)]
    assert found["rows"][0]["township_name"] == "蔚汾镇"
    assert found["rows"][0]["on_time_rate"] == {"numerator": 1, "denominator": 2, "percent": "50.00"}
    assert found["total"]["major_clearing_rate"] == {"numerator": 0, "denominator": 1, "percent": "0.00"}
    assert (found["from"], found["to"], found["as_of"]) == ("2026-01", "2026-03", "2026-03-31")


def test_the_hazards_behind_a_figure_are_listed_only_within_the_jurisdiction(as_, two_townships):
    asked = {**LAST_YEAR, "figure": "late"}
    assert len(as_("bureau").get(f"{URL}/rows", asked).json()["results"]) == 2
    mine = as_("township").get(f"{URL}/rows", asked).json()["results"]
    assert [row["id"] for row in mine] == [str(key(2))]
    other = {**asked, "sector": "coal_mine", "level": "major", "region": "141123101"}
    assert as_("township").get(f"{URL}/rows", other).json()["results"] == []


@pytest.mark.parametrize(
    "asked, status",
    [
        ({"group_by": "sector,month"}, 200), ({"group_by": "department"}, 200), ({"region": "141123101"}, 200), ({"to": "2099-12"}, 200),
        ({"group_by": "colour"}, 400), ({"group_by": "month,month"}, 400), ({"from": "2026-13"}, 400), ({"from": "2026-03", "to": "2026-01"}, 400),
        ({"from": "2099-01"}, 400), ({"region": VILLAGE}, 400), ({"region": "999999"}, 400), ({"sector": "nothing"}, 400),
        ({"department": "nothing"}, 400), ({"from": "2001-01"}, 400), ({"figure": "late"}, 400),
    ],
)  # fmt: skip
def test_figure_queries_accept_valid_parameters_and_refuse_others(as_, two_townships, asked, status):
    answered = as_("bureau").get(URL, asked)
    assert answered.status_code == status, answered.json()
    if status == 400:
        assert answered["Content-Type"] == "application/problem+json"


def test_figures_are_filtered_by_department_code(as_, two_townships):
    code = Department.objects.order_by("code").values_list("code", flat=True).first()
    Hazard.objects.update(department=code)
    figures.follow(Hazard.objects.values_list("pk", flat=True))
    found = as_("bureau").get(URL, {**LAST_YEAR, "group_by": "department", "department": code}).json()
    assert [(row["department"], row["found"]) for row in found["rows"]] == [(code, 3)]


def test_unchanged_figures_answer_304_until_a_hazard_changes(as_):
    client = as_("bureau")
    tag = client.get(URL, LAST_YEAR)["ETag"]
    assert client.get(URL, LAST_YEAR, headers={"If-None-Match": tag}).status_code == 304
    record_lives(HazardLife(**MARCH))
    assert client.get(URL, LAST_YEAR, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("many", [1, 30])
def test_figures_and_their_hazard_lists_take_a_fixed_number_of_queries(as_, many):
    record_lives(*(HazardLife(**MARCH, region=region) for region in chain.from_iterable([[VILLAGE, OTHER_VILLAGE]] * many)))
    client = as_("bureau")
    client.get(URL)  # the law is read once
    with CaptureQueriesContext(connection) as spent:
        client.get(URL, {"from": "2026-01", "group_by": "township,month"})
    figures_cost = len(spent)
    with CaptureQueriesContext(connection) as spent:
        client.get(f"{URL}/rows", {**LAST_YEAR, "figure": "late"})
    assert (figures_cost, len(spent)) == (FIGURES_BUDGET, ROWS_BUDGET)


FIGURES_BUDGET = 5  # who asks · ETag · sums · what lies ahead in the running month · names of townships
ROWS_BUDGET = 3  # who asks · ETag · hazards
