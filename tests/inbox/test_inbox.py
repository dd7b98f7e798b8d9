"""收件箱: whose a message is, when it is done, and that a page of it costs the same at any length."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from inbox import actions, kinds
from inbox.kinds import MessageKind
from inbox.letters import Letter, To, person, posts
from inbox.models import Address, Message, Seen
from safety_api.models import OutboxMessage, TrailLine
from safety_api.roles import Role
from tests.cast.people import CAST, ELSEWHERE, HOME, MINE, OTHER_VILLAGE, VILLAGE

pytestmark = pytest.mark.django_db
INBOX = "/api/v1/inbox"
DAY = date(2026, 3, 10)
EVERYBODY = tuple(who for who, fields in CAST.items() if not fields["role"].endswith("_admin"))


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """Two kinds of these tests' own: one that is done with its matter, one that is done once it was seen."""
    for kind in (MessageKind("a.matter", "待办"), MessageKind("a.note", "告知", until_seen=True)):
        monkeypatch.setitem(kinds.KINDS, kind.word, kind)


def a_letter(number: int = 1, to: tuple[To, ...] = (), **fields: Any) -> Letter:
    known = {
        "kind": "a.matter",
        "sentence": f"第{number}条",
        "day": DAY,
        "region_code": VILLAGE,
        "about_kind": "hazard",
        "about": UUID(int=number),
    }
    return Letter(once=f"test/{number}", to=to, **{**known, **fields})


def send(number: int = 1, to: tuple[To, ...] = (), **fields: Any) -> Message:
    return Message.objects.get(pk=actions.send([a_letter(number, to, **fields)])[0])


def read(client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(INBOX + query)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def readers(as_) -> set[str]:
    return {who for who in EVERYBODY if read(as_(who))}


OFFICERS = frozenset({Role.INSPECTOR, Role.TOWNSHIP_OFFICER})
POSTS = [  # addressed to, where the matter lies: who reads it
    (posts(OFFICERS), {}, {"inspector", "township"}),
    (posts(OFFICERS), {"region_code": OTHER_VILLAGE}, {"inspector2"}),
    (posts(OFFICERS), {"region_code": "141123000000"}, set()),
    (posts({Role.VILLAGE_OFFICER}), {}, {"village"}),
    (posts({Role.VILLAGE_OFFICER}), {"region_code": HOME + "201"}, set()),
    (posts({Role.COMMITTEE_OFFICER, Role.DUTY_OFFICER}), {"region_code": OTHER_VILLAGE}, {"committee", "duty"}),
    (posts({Role.DEPARTMENT_OFFICER}), {"sector": "coal_mine"}, {"department", "chief"}),
    (posts({Role.DEPARTMENT_OFFICER}), {"sector": "fire_safety"}, set()),
    (posts({Role.DEPARTMENT_OFFICER}), {"sector": None}, {"department", "chief"}),
    (posts({Role.DEPARTMENT_OFFICER}, leaders=True), {"sector": "coal_mine"}, {"chief"}),
    (posts({Role.BUREAU_OFFICER}, department="emergency"), {}, {"bureau"}),
    (posts({Role.BUREAU_OFFICER}, department="energy"), {}, set()),
    (posts({Role.ENTERPRISE_OFFICER}), {"enterprise": MINE}, {"enterprise", "principal"}),
    (posts({Role.ENTERPRISE_OFFICER}), {"enterprise": UUID(int=77)}, set()),
    (posts({Role.ENTERPRISE_OFFICER}), {"enterprise": None}, set()),
]


@pytest.mark.parametrize("to, where, expected", POSTS)
def test_a_message_to_posts_is_read_by_who_holds_them_at_its_place(as_, to, where, expected):
    send(to=to, **where)
    assert readers(as_) == expected


def test_a_message_to_a_person_follows_the_person_and_no_one_else_reads_it(as_, people):
    send(to=person(people["inspector"].pk), region_code=OTHER_VILLAGE)
    assert readers(as_) == {"inspector"}


def test_a_post_s_new_holder_reads_what_was_said_to_the_post_before(as_, people):
    send(to=posts(OFFICERS))
    User.objects.filter(pk=people["township"].pk).update(region=ELSEWHERE)
    User.objects.filter(pk=people["inspector2"].pk).update(role=Role.TOWNSHIP_OFFICER, region=HOME)
    assert readers(as_) == {"inspector", "inspector2"}


def test_an_officer_of_the_whole_city_reads_what_lies_in_its_counties(as_, people):
    send(to=posts({Role.BUREAU_OFFICER}))
    User.objects.filter(pk=people["bureau"].pk).update(region="1411")
    assert readers(as_) == {"bureau"}


def test_a_message_says_what_it_is_about_and_whether_i_have_seen_it(as_):
    message = send(to=posts(OFFICERS), due_on=DAY + timedelta(days=3), sector="coal_mine")
    row = read(as_("inspector"))[0]
    assert row.pop("made_at")
    assert row == {
        "id": message.pk, "kind": "a.matter", "kind_name": "待办", "sentence": "第1条", "about": {"kind": "hazard", "id": str(UUID(int=1))},
        "day": "2026-03-10", "due_on": "2026-03-13", "region": VILLAGE, "sector": "coal_mine", "department": None, "enterprise": None,
        "seen": False, "done_at": None,
    }  # fmt: skip


def test_a_message_sent_again_stands_once_and_is_announced_once(people):
    letters = [a_letter(1, posts(OFFICERS)), a_letter(2, person(people["inspector"].pk)), a_letter(3)]
    first = actions.send(letters)
    assert len(first) == 2  # nobody is addressed by the third
    assert actions.send(letters) == []
    assert (Message.objects.count(), Address.objects.count()) == (2, 3)
    assert [each.payload for each in OutboxMessage.objects.filter(topic="inbox.sent")] == [{"messages": first}]


def test_a_kind_that_nobody_declares_is_not_sent():
    with pytest.raises(kinds.UnknownKind):
        actions.send([a_letter(1, posts(OFFICERS), kind="a.rumour")])


# --- seen and done ----------------------------------------------------------------------------------------------------
def test_seen_is_marked_per_person_at_the_first_time_with_one_line(as_, people):
    message = send(to=posts(OFFICERS))
    first = as_("inspector").post(f"{INBOX}/{message.pk}/seen")
    assert (first.status_code, first.json()["seen"], first.json()["done_at"]) == (200, True, None)
    at = Seen.objects.get().seen_at
    assert as_("inspector").post(f"{INBOX}/{message.pk}/seen").status_code == 200
    assert (Seen.objects.get().seen_at, Seen.objects.get().name) == (at, people["inspector"].name)
    assert TrailLine.objects.filter(verb="inbox.see", actor_id=people["inspector"].pk).count() == 1
    assert [len(read(as_(who), "?unseen=true")) for who in ("inspector", "township")] == [0, 1]
    assert [len(read(as_(who))) for who in ("inspector", "township")] == [1, 1]


def test_a_page_is_marked_seen_at_once_or_not_at_all(as_):
    mine = [send(number, posts(OFFICERS)).pk for number in (1, 2)]
    other = send(3, posts(OFFICERS), region_code=OTHER_VILLAGE).pk
    phone = as_("inspector")
    assert phone.post(f"{INBOX}/seen", {"messages": [*mine, other]}, format="json").status_code == 404
    assert not Seen.objects.exists()
    assert phone.post(f"{INBOX}/seen", {"messages": mine}, format="json").status_code == 204
    assert Seen.objects.count() == 2


def test_another_s_message_does_not_exist(as_):
    message = send(to=posts(OFFICERS), region_code=OTHER_VILLAGE)
    assert as_("inspector").post(f"{INBOX}/{message.pk}/seen").status_code == 404


def test_what_only_tells_is_done_for_the_post_once_one_of_them_has_seen_it(as_):
    message = send(to=posts(OFFICERS), kind="a.note")
    assert as_("inspector").post(f"{INBOX}/{message.pk}/seen").json()["done_at"] is not None
    assert read(as_("township")) == []
    assert [row["id"] for row in read(as_("township"), "?done=true")] == [message.pk]


def test_a_message_is_done_with_its_matter_and_repeating_it_changes_nothing(as_):
    message, other = send(1, posts(OFFICERS)), send(2, posts(OFFICERS))
    assert actions.end("a.matter", about=[UUID(int=1)]) == 1
    assert actions.end("a.matter", about=[UUID(int=1)]) == 0
    assert [row["id"] for row in read(as_("inspector"))] == [other.pk]
    assert [row["id"] for row in read(as_("inspector"), "?done=true")] == [message.pk]


def test_a_later_message_of_a_thread_takes_the_place_of_those_before(as_):
    first, other = send(1, posts(OFFICERS), thread="x"), send(2, posts(OFFICERS), thread="y")
    second = send(3, posts(OFFICERS), thread="x")
    assert [row["id"] for row in read(as_("inspector"))] == [second.pk, other.pk]
    assert [row["id"] for row in read(as_("inspector"), "?done=true")] == [first.pk]


def test_a_matter_that_lies_elsewhere_now_is_read_there(as_):
    send(to=(*posts(OFFICERS), *posts({Role.COMMITTEE_OFFICER})))
    actions.move([UUID(int=1)], region_code=OTHER_VILLAGE)
    assert readers(as_) == {"inspector2", "committee"}


# --- the list ---------------------------------------------------------------------------------------------------------
def test_the_newest_come_first_and_pages_of_both_kinds_of_address_follow_on(as_, people):
    own, post = person(people["inspector"].pk), posts(OFFICERS)
    sent = [send(number, own if number % 3 else (*own, *post)).pk for number in range(1, 12)]
    found, address = [], INBOX + "?limit=4"
    while address:
        page = as_("inspector").get(address).json()
        found.append([row["id"] for row in page["results"]])
        address = page["next"]
    newest = sent[::-1]
    assert found == [newest[:4], newest[4:8], newest[8:]]
    assert [row["id"] for row in as_("inspector").get(page["previous"]).json()["results"]] == newest[4:8]


CHOSEN = [
    ("?kind=a.note", {2}), ("?kind=a.matter", {1, 3}), ("?kind=unheard.of", set()), (f"?about={UUID(int=3)}", {3}),
    ("?since=2026-03-10T00:00:00%2B08:00", {2, 3}), ("?since=2026-03-10T00:00:00+08:00", {2, 3}), ("?since=2026-03-10", {2, 3}),
    ("?limit=1", {3}), ("?done=true", set()),
]  # fmt: skip


@pytest.mark.parametrize("query, expected", CHOSEN)
def test_a_list_is_chosen_by_kind_matter_and_time(as_, query, expected):
    for number, kind in ((1, "a.matter"), (2, "a.note"), (3, "a.matter")):
        send(number, posts(OFFICERS), kind=kind)
    Message.objects.filter(about=UUID(int=1)).update(made_at="2026-03-09T15:59:00Z")
    assert {UUID(row["about"]["id"]).int for row in read(as_("inspector"), query)} == expected


BAD = [
    ("?colour=red", "bad_parameter"),
    ("?done=perhaps", "invalid"),
    ("?since=2026-03-10T00:00:00", "offset"),
    ("?since=yesterday", "invalid"),
    ("?cursor=%00", "bad_cursor"),
]


@pytest.mark.parametrize("query, code", BAD)
def test_a_parameter_that_does_not_exist_or_does_not_fit_is_refused(as_, query, code):
    answer = as_("inspector").get(INBOX + query)
    assert answer.status_code == 400
    assert code in {answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ()))}


def test_the_badge_counts_what_is_neither_seen_nor_done_up_to_a_hundred(as_, people):
    send(1, posts(OFFICERS))
    send(2, (*posts(OFFICERS), *person(people["inspector"].pk)))
    actions.see([send(3, posts(OFFICERS)).pk], by=people["inspector"])
    assert as_("inspector").get(f"{INBOX}/count").json() == {"unseen": 2, "more": False}
    actions.send([a_letter(number, posts(OFFICERS)) for number in range(10, 120)])
    assert as_("inspector").get(f"{INBOX}/count").json() == {"unseen": 100, "more": True}


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_takes_five_statements_at_any_length(as_, rows, django_assert_num_queries):
    actions.send([a_letter(number, posts(OFFICERS)) for number in range(rows)])
    phone = as_("inspector")
    with django_assert_num_queries(5):  # who asks · the tag · whose deputy · to the person · to the post
        assert len(read(phone)) == rows


def test_sending_takes_as_many_statements_for_thirty_as_for_one(django_assert_num_queries):
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            actions.send([Letter(**{**vars(a_letter(1, posts(OFFICERS))), "once": str(uuid4())}) for _ in range(count)])
        return len(caught)

    assert statements(1) == statements(30)


def test_nothing_changed_is_answered_304_and_a_mark_changes_the_tag(as_):
    message = send(to=posts(OFFICERS))
    phone = as_("inspector")
    tag = phone.get(INBOX)["ETag"]
    assert phone.get(INBOX, HTTP_IF_NONE_MATCH=tag).status_code == 304
    phone.post(f"{INBOX}/{message.pk}/seen")
    assert phone.get(INBOX, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_a_message_made_now_stands_at_its_moment(as_):
    before = timezone.now()
    message = send(to=posts(OFFICERS))
    assert before <= message.made_at <= timezone.now()
