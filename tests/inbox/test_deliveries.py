"""外发: what goes out of the house, to whom, when; and that a way that is dead holds nobody up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from accounts import recovery
from accounts.models import Deputy, User
from inbox import actions, kinds
from inbox.deliveries import posting, rules, sending, sms
from inbox.deliveries.addressees import Addressees
from inbox.deliveries.answers import Away, Refused
from inbox.deliveries.outlets import carry
from inbox.deliveries.table import table
from inbox.letters import Letter, To, person, posts
from inbox.models import Delivery, Message, Outlet, Robot, Seen
from reference import law
from safety_api.models import OutboxMessage, TrailLine
from safety_api.outbox import drain
from safety_api.roles import Role
from tests.cast.people import CAST, ELSEWHERE, HOME, MINE, OTHER_VILLAGE, VILLAGE
from tests.inbox.engines import Hook, MailServer, serving

pytestmark = pytest.mark.django_db
DELIVERIES, CHANNELS, ROBOTS = "/api/v1/deliveries", "/api/v1/channels", "/api/v1/channels/robots"
OFFICERS = frozenset({Role.INSPECTOR, Role.TOWNSHIP_OFFICER})
CLOCK, ACCIDENT, PASSED, CONFIRMED = "hazard.clock", "accident.clock", "hazard.passed", "hazard.confirmed"
PHONES = {"inspector": "13800000001", "township": "13800000002", "enterprise": "13800000003"}
SECRET = "SEC00112233"


@pytest.fixture(autouse=True)
def reachable(people, settings):
    """Three people have telephones, two mailboxes; no way out is open yet. No breaker of another test stands."""
    for name, phone in PHONES.items():
        User.objects.filter(username=name).update(phone=phone)
    User.objects.filter(username__in=("inspector", "township")).update(email="x@example.gov.cn")
    settings.PUBLIC_URL = "https://aqjg.example.gov.cn"
    cache.delete(sms.CODES_AWAY)


NEVER, ALWAYS = (rules.Quiet(time(0), until, frozenset({"sms", "robot"})) for until in (time(0), time.max))


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """These tests are run at night too; what is quiet is said by a call."""

    def say(hours: rules.Quiet) -> None:
        monkeypatch.setattr(sending, "table", lambda day: table(day)._replace(quiet=hours))

    say(NEVER)
    return say


@pytest.fixture
def short_messages(settings, tmp_path):
    """The recording gateway; what it has taken."""
    settings.SMS_GATEWAY, settings.STATE_DIR = "recording", tmp_path

    def taken() -> list[dict[str, Any]]:
        book = sms.RecordingGateway.book()
        return [orjson.loads(line) for line in book.read_bytes().splitlines()] if book.exists() else []

    return taken


@pytest.fixture
def post(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS = "127.0.0.1", False, False
    settings.DEFAULT_FROM_EMAIL = "anquan@example.gov.cn"
    with serving(MailServer()) as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def hook():
    with serving(Hook()) as server:
        yield server


@pytest.fixture
def group(settings, hook) -> Robot:
    """The group of the township's office, at WeCom."""
    settings.ROBOTS = {"weifen": {"kind": "wecom", "url": f"{hook.url}/cgi-bin/webhook/send?key=K-1", "secret": ""}}
    return Robot.objects.create(name="weifen", label="蔚汾镇安监站", roles=["township_officer"], region=HOME)


def a_letter(number: int = 1, to: tuple[To, ...] = (), kind: str = ACCIDENT, **fields: Any) -> Letter:
    known = {
        "region_code": VILLAGE,
        "about_kind": "hazard",
        "about": UUID(int=number),
        "sentence": f"张三的第{number}条",
    }
    return Letter(kind=kind, once=f"test/{number}", to=to, day=date(2026, 3, 10), **{**known, **fields})


def send(number: int = 1, to: tuple[To, ...] = (), kind: str = ACCIDENT, **fields: Any) -> Message:
    """Through the outbox, as the house does it."""
    made = actions.send([a_letter(number, to, kind, **fields)])
    drain()
    return Message.objects.get(pk=made[0])


def states() -> dict[str, str]:
    return {each.outlet: each.state for each in Delivery.objects.all()}


def again() -> int:
    """The pauses are over."""
    past = timezone.now() - timedelta(seconds=1)
    Outlet.objects.update(next_at=past)
    Delivery.objects.waiting().update(due_at=past)
    return sending.deliver()


# --- the table ------------------------------------------------------------------------------------------------------------
def test_every_kind_that_may_be_said_has_a_row_in_the_table_of_what_goes_out():
    rows = law.in_force("outward_notices", timezone.localdate()).body["rows"]
    assert {row["code"] for row in rows} == {word for word in kinds.KINDS if not word.startswith("a.")}


def test_accident_calls_wake_people_and_only_those_that_must_not_wait_do():
    of = table(timezone.localdate()).kinds
    assert {word for word, each in of.items() if each.urgent} >= {ACCIDENT}
    assert not of[CLOCK].urgent and not of[CONFIRMED].ways


def test_a_kind_that_the_table_does_not_name_stays_in_the_house(monkeypatch, short_messages):
    monkeypatch.setitem(kinds.KINDS, "a.rumour", kinds.MessageKind("a.rumour", "传闻"))
    send(to=posts(OFFICERS), kind="a.rumour")
    assert not Delivery.objects.exists()


NIGHT = rules.Quiet(time(21, 30), time(7, 30), frozenset({"sms"}))
NOON = rules.Quiet(time(12), time(14), frozenset({"sms"}))
GOES = [  # made, urgent, by, quiet hours → goes
    ("2026-03-10T10:00", False, "sms", NIGHT, "2026-03-10T10:05"),
    ("2026-03-10T10:00", True, "sms", NIGHT, "2026-03-10T10:00"),
    ("2026-03-10T23:00", False, "sms", NIGHT, "2026-03-11T07:30"),
    ("2026-03-10T23:00", True, "sms", NIGHT, "2026-03-10T23:00"),
    ("2026-03-10T23:00", False, "email", NIGHT, "2026-03-10T23:05"),
    ("2026-03-11T00:30", False, "sms", NIGHT, "2026-03-11T07:30"),
    ("2026-03-10T21:27", False, "sms", NIGHT, "2026-03-11T07:30"),
    ("2026-03-11T07:25", False, "sms", NIGHT, "2026-03-11T07:30"),
    ("2026-03-10T12:30", False, "sms", NOON, "2026-03-10T14:00"),
]


@pytest.mark.parametrize("made, urgent, way, quiet, goes", GOES)
def test_when_a_notice_goes(made, urgent, way, quiet, goes):
    zone = ZoneInfo("Asia/Shanghai")
    at, expected = (datetime.fromisoformat(each).replace(tzinfo=zone) for each in (made, goes))
    assert rules.goes_at(at, urgent=urgent, way=way, gather=timedelta(minutes=5), quiet=quiet) == expected


def test_pauses_grow_to_half_an_hour():
    pauses = [rules.pause(number) for number in range(1, 12)]
    assert pauses == sorted(pauses) and pauses[0] == timedelta(seconds=30) and pauses[-1] == timedelta(minutes=30)


# --- to whom --------------------------------------------------------------------------------------------------------------
ADDRESSED = [
    (posts(OFFICERS), {}),
    (posts(OFFICERS), {"region_code": OTHER_VILLAGE}),
    (posts(OFFICERS), {"region_code": "141123000000"}),
    (posts({Role.VILLAGE_OFFICER}), {}),
    (posts({Role.COMMITTEE_OFFICER, Role.DUTY_OFFICER}), {"region_code": OTHER_VILLAGE}),
    (posts({Role.DEPARTMENT_OFFICER}), {"sector": "coal_mine"}),
    (posts({Role.DEPARTMENT_OFFICER}), {"sector": "fire_safety"}),
    (posts({Role.DEPARTMENT_OFFICER}, leaders=True), {"sector": "coal_mine"}),
    (posts({Role.BUREAU_OFFICER}, department="emergency"), {}),
    (posts({Role.BUREAU_OFFICER}, department="energy"), {}),
    (posts({Role.ENTERPRISE_OFFICER}), {"enterprise": MINE}),
    (posts({Role.ENTERPRISE_OFFICER}), {"enterprise": None}),
]


@pytest.mark.parametrize("to, where", ADDRESSED)
def test_whoever_would_read_it_in_the_inbox_is_whom_it_is_sent_to(people, to, where):
    number = actions.send([a_letter(1, to, **where)])[0]
    message = Message.objects.prefetch_related("addresses").get(pk=number)
    meant = {each.username for each in Addressees(message.addresses.all()).of(message).values()}
    readers = {who for who in CAST if Message.objects.visible_to(people[who]).filter(pk=number).exists()}
    assert meant & set(CAST) == readers


def test_a_person_reads_it_and_so_does_their_deputy(people):
    today = timezone.localdate()
    Deputy.objects.create(
        leader=people["chief"], deputy=people["department"], held_from=today, held_to=today, reason="出差", made_by=people["chief"].pk,
        made_by_name="甲", known_from=timezone.now(),
    )  # fmt: skip
    number = actions.send([a_letter(1, person(people["chief"].pk))])[0]
    message = Message.objects.prefetch_related("addresses").get(pk=number)
    meant = Addressees(message.addresses.all()).of(message)
    assert {each.username for each in meant.values()} == {"chief", "department"}


def test_it_goes_to_the_telephones_of_a_post_once_each(short_messages):
    message = send(to=posts(OFFICERS))
    drain(), sending.deliver()
    assert sorted(each["phone"] for each in short_messages()) == [PHONES["inspector"], PHONES["township"]]
    OutboxMessage.objects.create(topic="inbox.sent", payload={"messages": [message.pk]})  # the outbox may say it twice
    drain(), again()
    assert len(short_messages()) == 2


def test_demo_accounts_landlines_and_the_locked_get_no_short_message(short_messages, people):
    User.objects.filter(username="inspector").update(is_demo=True)
    User.objects.filter(username="township").update(phone="0358-6321234")
    User.objects.filter(username="enterprise").update(is_active=False)
    send(to=(*posts(OFFICERS), *posts({Role.ENTERPRISE_OFFICER})), enterprise=MINE)
    assert not Delivery.objects.exists()


# --- what it says ---------------------------------------------------------------------------------------------------------
def test_a_message_names_nobody_quotes_nothing_and_leads_inside(short_messages, post, group, hook, people):
    send(to=posts({Role.TOWNSHIP_OFFICER}), due_on=date(2026, 3, 12), sentence="张三未整改：顶板离层，电话13911112222")
    assert sending.deliver() == 3
    said = {
        "sms": short_messages()[0]["text"],
        "email": post.letters[0].get_content(),
        "robot": hook.taken[0][2]["text"]["content"],
    }
    for text in said.values():
        assert "事故报告时限提醒 1 条，最近的期限 03月12日" in text and "https://aqjg.example.gov.cn/m/" in text
        assert not [word for word in ("张三", "顶板", "139", people["township"].name) if word in text]
    assert said["robot"].startswith("【安全生产监管】蔚汾镇安监站：")


def test_a_mail_is_addressed_dated_and_known_again_by_its_number(post):
    send(to=person(User.objects.get(username="inspector").pk))
    sending.deliver()
    letter = post.letters[0]
    assert (letter["To"], letter["From"]) == ("x@example.gov.cn", "anquan@example.gov.cn")
    assert letter["Message-ID"] == f"<notice-{Delivery.objects.get().pk}@example.gov.cn>"
    assert letter["Subject"] == "【安全生产监管】1 条新消息"


def test_what_waits_for_one_person_goes_as_one(short_messages):
    for number in range(1, 4):
        send(number, person(User.objects.get(username="inspector").pk), kind=CLOCK)
    send(4, person(User.objects.get(username="inspector").pk))  # an accident takes along what waits for its like
    Delivery.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    Delivery.objects.filter(urgent=True).update(due_at=timezone.now())
    assert sending.deliver() == 4
    assert [each["text"].count("条") for each in short_messages()] == [2] and "隐患期限提醒 3 条" in short_messages()[
        0
    ]["text"]


def test_what_was_seen_or_done_meanwhile_does_not_go(short_messages, people):
    seen, done = (send(number, person(people["inspector"].pk), kind=CLOCK) for number in (1, 2))
    Seen.objects.create(message=seen, user=people["inspector"])
    actions.end_messages([done.pk])
    assert again() == 0 and short_messages() == []
    assert {each.message_id: each.reason for each in Delivery.objects.filter(state="unneeded")} == {
        seen.pk: "本人已阅",
        done.pk: "事项已办结",
    }


def test_what_is_tried_again_at_night_waits_for_the_morning_unless_it_is_urgent(short_messages, people, quiet):
    for number, kind in ((1, CLOCK), (2, ACCIDENT)):
        send(number, person(people["inspector" if number == 1 else "township"].pk), kind=kind)
    quiet(ALWAYS)
    assert again() == 1
    assert [each["phone"] for each in short_messages()] == [PHONES["township"]]
    waiting = Delivery.objects.waiting().get()
    assert (timezone.localtime(waiting.due_at).time(), waiting.attempts) == (time.max, 0)


# --- robots ---------------------------------------------------------------------------------------------------------------
def test_a_group_hears_what_is_said_to_its_office_and_nothing_of_others(group, hook, people):
    send(1, posts({Role.TOWNSHIP_OFFICER}))
    send(2, posts({Role.TOWNSHIP_OFFICER}), region_code=ELSEWHERE + "201")
    send(3, posts({Role.BUREAU_OFFICER}))
    send(4, person(people["township"].pk))
    send(5, posts({Role.ENTERPRISE_OFFICER}), enterprise=MINE)
    assert [each.message.once for each in Delivery.objects.select_related("message")] == ["test/1"]


def test_a_group_may_choose_fewer_kinds(group):
    Robot.objects.update(kinds=[CLOCK])
    send(1, posts({Role.TOWNSHIP_OFFICER}))
    send(2, posts({Role.TOWNSHIP_OFFICER}), kind=CLOCK)
    assert [each.message.kind for each in Delivery.objects.select_related("message")] == [CLOCK]


def test_dingtalk_is_signed_with_its_secret(settings, hook):
    settings.ROBOTS = {"ding": {"kind": "dingtalk", "url": f"{hook.url}/robot/send?access_token=T-1", "secret": SECRET}}
    Robot.objects.create(name="ding", label="钉钉群", roles=["township_officer"], region=HOME)
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert sending.deliver() == 1
    path, _, body = hook.taken[0]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    mark = hmac.new(SECRET.encode(), f"{asked['timestamp']}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["access_token"] == "T-1" and asked["sign"] == base64.b64encode(mark).decode()
    assert SECRET not in path and body["msgtype"] == "text"
    assert abs(int(asked["timestamp"]) / 1000 - timezone.now().timestamp()) < 60


ANSWERS = [  # what the robot answers → the reason shown, seconds it is let alone, whether it counts as failing
    ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "群机器人限速（45009）", 60, False),
    ((200, {"errcode": 130101, "errmsg": "send too fast"}), "群机器人限速（130101）", 600, False),
    ((200, {"errcode": 93000, "errmsg": "invalid webhook url"}), "机器人已被移出群，或地址有误（93000）", 30, True),
    ((200, {"errcode": 310000, "errmsg": "sign not match"}), "加签、关键词或 IP 白名单不符（310000）", 30, True),
    ((200, {"errcode": 4711}), "群机器人不收（4711）", 30, True),
    ((200, {"errmsg": "ok"}), "群机器人答复 200，不合约定", 30, True),
    ((200, {"errcode": False}), "群机器人答复 200，不合约定", 30, True),
    ((200, [0]), "群机器人答复 200，不合约定", 30, True),
    ((200, b"<html>sign in to this network</html>"), "群机器人答复 200，不合约定", 30, True),
    ((302, {"errcode": 0}), "群机器人答复 302，不合约定", 30, True),
    ((500, {"errcode": 0}), "群机器人答复 500，不合约定", 30, True),
]


@pytest.mark.parametrize("answer, reason, rests, fails", ANSWERS)
def test_what_a_robot_answers_is_understood_and_the_notice_waits(group, hook, answer, reason, rests, fails):
    hook.answer = answer
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert sending.deliver() == 0
    outlet, delivery = Outlet.objects.get(), Delivery.objects.get()
    assert (outlet.reason, delivery.reason, delivery.state) == (reason, reason, "waiting")
    assert bool(outlet.failing_since) is fails
    assert rests - 20 <= (outlet.next_at - timezone.now()).total_seconds() <= rests
    assert len(hook.taken) == 1  # no redirect was followed
    hook.answer = (200, {"errcode": 0, "errmsg": "ok"})
    assert again() == 1 and states() == {"robot:weifen": "sent"}
    outlet.refresh_from_db()
    assert (outlet.failures, outlet.failing_since, outlet.reason) == (0, None, "")


def test_a_robot_is_spoken_to_less_than_twenty_times_a_minute(group, hook):
    for number in range(1, 4):
        send(number, posts({Role.TOWNSHIP_OFFICER}))
        sending.deliver()
    assert len(hook.taken) == 1  # the others wait for the next turn, and go as one
    assert again() == 2 and len(hook.taken) == 2
    assert (Outlet.objects.get().next_at - timezone.now()).total_seconds() > 3 - 2


# --- dead ways ------------------------------------------------------------------------------------------------------------
def test_a_robot_that_never_answers_holds_up_neither_mail_nor_short_messages(
    group, hook, post, short_messages, monkeypatch
):
    hook.silent.set()
    went = threading.Event()

    def carried(parcel: Any) -> None:
        """The robot lets go only when the two others have gone."""
        if parcel.outlet.startswith("robot:"):
            assert went.wait(60)
            raise Away("没有按时答复")
        carry(parcel)
        if len(post.letters) + len(short_messages()) == 2:
            went.set()

    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert sending.deliver(carried) == 2
    assert states() == {"sms": "sent", "email": "sent", "robot:weifen": "waiting"}


def test_a_line_that_is_taken_and_never_answered_is_given_up(group, hook, monkeypatch):
    monkeypatch.setattr(posting, "PATIENCE", 0.2)
    hook.silent.set()
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert sending.deliver() == 0
    assert Outlet.objects.get().reason == "没有按时答复"


def test_a_gateway_that_drips_for_ever_is_given_up_and_its_late_answer_is_nobody_s(group, monkeypatch):
    monkeypatch.setattr(sending, "HARD", 0.05)
    late = threading.Event()
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert sending.deliver(lambda parcel: late.wait(60)) == 0
    late.set()
    assert (Outlet.objects.get().reason, Delivery.objects.get().state) == ("没有按时答复", "waiting")


def test_while_a_way_is_dead_it_is_tried_with_growing_pauses_by_one_message_alone(settings, short_messages):
    settings.SMS_GATEWAY, settings.SMS_URL = "http", "http://127.0.0.1:9/send"
    for number in range(1, 4):
        send(number, person(User.objects.get(username=list(PHONES)[number - 1]).pk))
    pauses = []
    for _ in range(4):
        assert again() == 0
        pauses.append(round((Outlet.objects.get().next_at - timezone.now()).total_seconds()))
    assert pauses == [30, 60, 120, 300]
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) != [4, 4, 4]
    assert sending.deliver() == 0 and Outlet.objects.get().failures == 4  # it rests: nobody asks it
    assert Outlet.objects.get().reason == "连不上"


def test_what_could_not_be_delivered_in_three_days_ends_and_the_inbox_has_it(short_messages, people):
    send(to=person(people["inspector"].pk))
    Delivery.objects.update(made_at=timezone.now() - timedelta(days=3, minutes=1), reason="短信网关答复 503")
    assert again() == 0
    assert Delivery.objects.values_list("state", "reason").get() == ("given_up", "短信网关答复 503")
    assert Message.objects.open().count() == 1 and short_messages() == []


def test_a_message_that_the_outbox_brings_days_late_wakes_nobody(short_messages, people):
    actions.send([a_letter(1, person(people["inspector"].pk))], at=timezone.now() - timedelta(days=4))
    drain()
    assert not Delivery.objects.exists()


def test_a_worker_killed_after_sending_sends_again_once_and_no_sooner_than_its_lease(short_messages, people):
    send(to=person(people["inspector"].pk))
    [attempt] = sending._begin(1)
    carry(attempt.parcel)  # and here kill -9 came
    assert sending.deliver() == 0 and len(short_messages()) == 1
    assert Delivery.objects.get().attempts == 1
    assert again() == 1
    assert [each["id"] for each in short_messages()] == [
        attempt.parcel.once
    ] * 2  # a gateway that heeds the number sends it once


def test_two_workers_are_never_at_one_outlet(short_messages, people):
    send(to=person(people["inspector"].pk))
    assert len(sending._begin(9)) == 1 and sending._begin(9) == []


# --- mail servers ---------------------------------------------------------------------------------------------------------
MAIL = [  # a word of the command, what it is answered → state, reason, whether the server counts as failing
    ("RCPT", "550 no such user", "refused", "收件地址被拒收（550）", False),
    ("RCPT", "452 mailbox full", "waiting", "收件地址暂不接收（452）", False),
    (".", "554 spam", "refused", "邮件被拒收（554）", False),
    (".", "451 later", "waiting", "邮件暂不接收（451）", False),
    ("MAIL", "550 not from you", "waiting", "发信服务器答复 550", True),
    ("EHLO", "421 overloaded", "waiting", "发信服务器", True),
]


@pytest.mark.parametrize("word, answer, state, reason, fails", MAIL)
def test_what_a_mail_server_answers_is_understood(post, people, word, answer, state, reason, fails):
    post.answers = {word: answer, "HELO": answer} if word == "EHLO" else {word: answer}
    send(to=person(people["inspector"].pk))
    assert sending.deliver() == 0
    delivery = Delivery.objects.get()
    assert delivery.state == state and delivery.reason.startswith(reason)
    assert bool(Outlet.objects.get().failing_since) is fails


def test_a_mailbox_that_is_full_holds_nobody_else_up(post, people):
    User.objects.filter(username="township").update(email="full@example.gov.cn")
    post.answers = {"full@": "452 full"}
    for number, who in enumerate(("township", "inspector"), 1):
        send(number, person(people[who].pk))
    assert sending.deliver() == 1
    assert {each.person.username: each.state for each in Delivery.objects.select_related("person")} == {
        "township": "waiting",
        "inspector": "sent",
    }


def test_a_mail_server_that_is_away_or_does_not_know_us_says_so(post, settings, people):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "anquan", "wrong"
    post.answers = {"EHLO": "250-post\r\n250 AUTH PLAIN", "AUTH": "535 who are you"}
    send(to=person(people["inspector"].pk))
    sending.deliver()
    assert Outlet.objects.get().reason == "发信服务器不认发信账号或口令"
    settings.EMAIL_PORT = 9
    again()
    assert Outlet.objects.get().reason == "发信服务器连不上"


# --- a gateway over HTTP --------------------------------------------------------------------------------------------------
GATEWAY = [
    (200, None), (202, None), (400, Refused), (422, Refused), (401, Away), (404, Away), (429, Away), (500, Away), (302, Away),
]  # fmt: skip


@pytest.mark.parametrize("status, raises", GATEWAY)
def test_what_a_gateway_answers_is_understood(settings, hook, status, raises):
    settings.SMS_GATEWAY, settings.SMS_URL, settings.SMS_TOKEN = "http", f"{hook.url}/send", "T-7"
    hook.answer = (status, {})
    if raises:
        with pytest.raises(raises):
            sms.gateway().send("13800000001", "字", "notice-1")
    else:
        sms.gateway().send("13800000001", "字", "notice-1")
    path, headers, body = hook.taken[0]
    assert (path, body) == ("/send", {"id": "notice-1", "phone": "13800000001", "text": "字"})
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer T-7", "notice-1")


def test_a_number_that_the_gateway_refuses_is_given_back_and_the_next_goes(settings, hook, people):
    settings.SMS_GATEWAY, settings.SMS_URL = "http", f"{hook.url}/send"
    hook.answer = (422, {})
    send(to=person(people["inspector"].pk))
    sending.deliver()
    assert Delivery.objects.values_list("state", "reason").get() == ("refused", "短信网关不收这个号码（422）")
    assert Outlet.objects.get().failing_since is None


# --- a code for a lost password goes the same way ------------------------------------------------------------------------------
@pytest.fixture
def connected(monkeypatch, short_messages):
    monkeypatch.setattr(recovery, "DELIVERERS", [sms.hand_over_code])
    return short_messages


def test_a_code_for_a_lost_password_goes_by_the_same_gateway(connected, people):
    recovery.ask("enterprise")
    drain()
    assert [each["phone"] for each in connected()] == [PHONES["enterprise"]]
    assert connected()[0]["text"].startswith("【安全生产监管】验证码 ")


def test_a_dead_gateway_is_not_tried_for_every_code_and_the_outbox_goes_on(client, connected, settings, people):
    settings.SMS_GATEWAY, settings.SMS_URL = "http", "http://127.0.0.1:9/send"
    recovery.ask("enterprise")
    drain()
    message = OutboxMessage.objects.get(topic="password.code_asked")
    assert (message.attempts, message.parked_at) == (0, None)  # away: it waits
    settings.SMS_URL = ""  # would raise, were it asked
    OutboxMessage.objects.update(due_at=timezone.now())
    drain()
    assert "短信网关发不出验证码" in str(client.get("/readyz").json()["degraded"])


# --- shown ----------------------------------------------------------------------------------------------------------------
def test_a_way_that_fails_is_shown_by_name_at_readyz_and_as_a_figure(client, group, hook):
    hook.answer = (200, {"errcode": 93000})
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    sending.deliver()
    Outlet.objects.update(failing_since=timezone.now() - timedelta(minutes=3))
    named = {each["name"]: each["says"] for each in client.get("/readyz").json()["degraded"]}
    assert "群机器人 weifen 自" in named["outlets_failing"] and "93000" in named["outlets_failing"]
    assert "K-1" not in str(named) and hook.url not in str(named)
    assert 'safety_deliveries{outlet="robot:weifen",state="waiting"} 1.0' in client.get("/metrics").content.decode()


def test_what_was_given_up_is_shown_for_a_day(client, short_messages, people):
    send(to=person(people["inspector"].pk))
    Delivery.objects.update(state="given_up", ended_at=timezone.now())
    named = {each["name"]: each["says"] for each in client.get("/readyz").json()["degraded"]}
    assert "1 条外发消息" in named["deliveries_given_up"]
    Delivery.objects.update(ended_at=timezone.now() - timedelta(days=2))
    assert "deliveries_given_up" not in str(client.get("/readyz").json()["degraded"])


def test_the_office_sees_what_went_out_in_its_jurisdiction_masked_below_the_county(as_, short_messages, people):
    send(1, person(people["inspector"].pk))
    send(2, person(people["inspector"].pk), region_code=OTHER_VILLAGE)
    sending.deliver()
    row = as_("township").get(DELIVERIES).json()["results"]
    assert [(each["to"], each["sent_to"], each["state"], each["kind"]) for each in row] == [
        ("张*", "138****0001", "sent", ACCIDENT)
    ]
    whole = as_("bureau").get(DELIVERIES).json()["results"]
    assert {each["to"] for each in whole} == {people["inspector"].name} and len(whole) == 2
    assert "sentence" not in whole[0] and "张三" not in str(whole)
    assert as_("bureau").get(f"{DELIVERIES}?state=waiting").json()["results"] == []
    assert (
        len(as_("bureau").get(f"{DELIVERIES}?channel=sms&kind={ACCIDENT}&about={UUID(int=1)}").json()["results"]) == 1
    )
    assert as_("bureau").get(f"{DELIVERIES}?state=lost").status_code == 400
    assert as_("enterprise").get(DELIVERIES).status_code == 403


def test_a_list_of_deliveries_costs_the_same_at_any_length(as_, short_messages, people, django_assert_max_num_queries):
    bureau = as_("bureau")
    for number in range(1, 31):
        send(number, person(people["inspector"].pk))
    bureau.get(DELIVERIES)
    with django_assert_max_num_queries(4):
        assert len(bureau.get(f"{DELIVERIES}?limit=50").json()["results"]) == 30


def test_the_ways_that_are_open_are_listed_with_their_state_and_no_address(admin, group, hook, short_messages):
    hook.answer = (200, {"errcode": 45009})
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    sending.deliver()
    answer = admin.get(CHANNELS)
    rows = {each["name"]: each for each in answer.json()}
    assert rows.keys() == {"sms", "robot:weifen"}
    assert (rows["sms"]["state"], rows["sms"]["waiting"]) == ("ok", 0)
    assert (rows["robot:weifen"]["state"], rows["robot:weifen"]["reason"], rows["robot:weifen"]["waiting"]) == (
        "resting",
        "群机器人限速（45009）",
        1,
    )
    assert "K-1" not in answer.content.decode()


# --- robots, entered ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def admin(as_):
    return as_(next(who for who, fields in CAST.items() if fields["role"] == Role.SYSTEM_ADMIN))


GROUP = {"name": "weifen", "label": "蔚汾镇安监站", "roles": ["township_officer"], "region": HOME}


@pytest.fixture
def configured(settings, hook):
    settings.ROBOTS = {"weifen": {"kind": "wecom", "url": f"{hook.url}/send?key=K-1", "secret": ""}}
    return hook


def test_a_robot_is_entered_under_its_name_in_the_settings_tried_and_put_to_rest(admin, configured):
    made = admin.post(ROBOTS, GROUP, format="json")
    assert made.status_code == 201 and made.json()["configured"] is True
    one = f"{ROBOTS}/{made.json()['id']}"
    assert admin.post(f"{one}/try", format="json").status_code == 204
    assert configured.taken[0][2]["text"]["content"] == "【安全生产监管】试发：蔚汾镇安监站可以收到消息。"
    configured.answer = (200, {"errcode": 93000})
    refused = admin.post(f"{one}/try", format="json")
    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "channel_refused",
    ) and "93000" in refused.content.decode()
    changed = admin.patch(one, {"is_active": False, "kinds": [CLOCK]}, format="json")
    assert (changed.json()["is_active"], changed.json()["kinds"]) == (False, [CLOCK])
    assert [each.verb for each in TrailLine.objects.filter(verb__startswith="robot.").order_by("id")] == [
        "robot.enter",
        "robot.try",
        "robot.try",
        "robot.edit",
    ]
    send(to=posts({Role.TOWNSHIP_OFFICER}))
    assert not Delivery.objects.exists()


BAD = [  # what is wrong with it, the code of the answer
    ({"name": "elsewhere"}, "unknown_robot"),
    ({"url": "http://169.254.169.254/"}, "unknown_field"),
    ({"roles": []}, "invalid"),
    ({"roles": ["enterprise_officer"]}, "invalid"),
    ({"roles": ["system_admin"]}, "invalid"),
    ({"region": "1411"}, "invalid"),
    ({"region": "141123100; --"}, "invalid"),
    ({"department": "nobody"}, "invalid"),
    ({"sectors": ["nothing"]}, "invalid"),
    ({"kinds": ["a.rumour"]}, "invalid"),
    ({"label": ""}, "invalid"),
]


@pytest.mark.parametrize("wrong, code", BAD)
def test_a_robot_that_does_not_fit_is_refused(admin, configured, wrong, code):
    answer = admin.post(ROBOTS, {**GROUP, **wrong}, format="json")
    assert answer.status_code == 400 and (answer.json()["code"] == code or code in str(answer.json()["errors"]))


def test_one_robot_is_one_group_and_nobody_but_the_administrator_enters_it(admin, as_, configured):
    assert admin.post(ROBOTS, GROUP, format="json").status_code == 201
    assert admin.post(ROBOTS, GROUP, format="json").json()["code"] == "robot_taken"
    assert admin.get(ROBOTS).json()["results"][0]["label"] == "蔚汾镇安监站"
    assert as_("bureau").get(CHANNELS).status_code == 403
    assert as_("bureau").post(ROBOTS, GROUP, format="json").status_code == 403


def test_a_robot_without_an_address_is_told_to_the_operator(client, settings, db):
    settings.ROBOTS = {}
    Robot.objects.create(name="gone", label="旧群", roles=["township_officer"], region=HOME)
    assert "群机器人“旧群”没有配置地址" in str(client.get("/readyz").json()["degraded"])


def test_old_deliveries_are_forgotten_and_those_of_a_closed_way_end(short_messages, people, settings):
    for number in (1, 2, 3):
        send(number, person(people["inspector"].pk))
    first, second, _ = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(
        state="sent", ended_at=timezone.now(), made_at=timezone.now() - timedelta(days=200)
    )
    Delivery.objects.filter(pk=second.pk).update(made_at=timezone.now() - timedelta(days=4))
    settings.SMS_GATEWAY = ""
    assert sending.forget_old() == 2
    assert sorted(Delivery.objects.values_list("state", "reason")) == [("given_up", "通道已关闭"), ("waiting", "")]


def test_with_no_way_open_a_tick_asks_the_database_nothing(people, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sending.deliver() == 0


def test_a_tick_without_news_is_one_statement(short_messages, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sending.deliver() == 0


def test_an_officer_is_entered_with_a_mailbox_from_the_command_line(db, capsys):
    call_command(
        "create_user",
        "wang",
        "--name",
        "王五",
        "--email",
        "wang@example.gov.cn",
        "--role",
        "bureau_officer",
        "--region",
        "141123",
    )
    assert User.objects.get(username="wang").email == "wang@example.gov.cn"
