"""留痕: appended only, without a lock; sealed in batches; whatever is done to it afterwards shows."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from safety_api import trail
from safety_api.models import TrailLine, TrailSeal
from tests.ground.connections import another, tampering

LINE = (
    "INSERT INTO safety_trail_line (actor_name, actor_role, verb, object_kind, object_id, region_code, details, trace_id)"
    " VALUES ('系统', 'system', %s, 'test.thing', '1', '', '{}', '')"
)
ACTS = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"]
TABLES = ["safety_trail_line", "safety_trail_seal"]


@pytest.fixture
def person(committed) -> User:
    """The one who acts, with an empty trail."""
    if TrailLine.objects.exists():  # the loading of law and regions left some
        with tampering("safety_trail_line") as cursor:
            cursor.execute("DELETE FROM safety_trail_line")
    return User.objects.get(username="inspector")


@pytest.fixture
def seven_lines(person) -> list[int]:
    """Seven lines of seven transactions in two seals."""
    for number in range(4):
        trail.record(trail.SYSTEM, f"test.{number}", person, word="原话")
    assert trail.seal() == 4
    for number in range(4, 7):
        trail.record(person, f"test.{number}", person)
    assert trail.seal() == 3
    return list(TrailLine.objects.order_by("id").values_list("id", flat=True))


# --- appended only ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ACTS)
def test_the_running_application_has_no_right_to_change_the_trail(db, act, table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ACTS)
def test_even_the_owner_of_the_tables_cannot_change_the_trail(seven_lines, act, table):
    with another(owner=True) as owner, pytest.raises(Exception, match="append-only"):
        owner.execute(act.format(table))


def test_the_application_cannot_set_epoch_or_transaction_of_a_line(person):
    with connection.cursor() as cursor:
        cursor.execute(LINE.replace("(actor_name", "(epoch, xid, actor_name").replace("VALUES (", "VALUES (0, 1, "), ["test.sly"])
    line = TrailLine.objects.get(verb="test.sly")
    assert (line.epoch, line.xid > 1) == (1, True)


def test_appending_a_line_waits_for_no_other_transaction(person):
    with another() as first, another() as second:
        first.execute(LINE, ["test.first"])
        second.execute("SET LOCAL lock_timeout = '2s'")
        second.execute(LINE, ["test.second"])
        second.commit()
        first.commit()
    assert {line.verb for line in TrailLine.objects.all()} == {"test.first", "test.second"}


def test_a_rolled_back_action_leaves_no_trail_line(person):
    with pytest.raises(RuntimeError), transaction.atomic():
        trail.record(person, "test.undone", person)
        raise RuntimeError
    assert not TrailLine.objects.exists()


# --- sealing ---------------------------------------------------------------------------------------------------------------
def test_an_uncommitted_line_waits_for_the_next_seal(person):
    with another() as slow:
        slow.execute(LINE, ["test.slow"])
        trail.record(person, "test.quick", person)
        assert trail.seal() == 0  # nothing may be sealed past a transaction that can still commit before it
        slow.commit()
    assert trail.seal() == 2
    assert list(TrailLine.objects.order_by("xid").values_list("verb", flat=True)) == ["test.slow", "test.quick"]
    assert list(trail.verify()) == []


def test_a_rolled_back_line_is_not_reported_as_missing(person):
    with another() as slow:
        slow.execute(LINE, ["test.slow"])
        trail.record(person, "test.quick", person)
        slow.rollback()
    assert trail.seal() == 1
    assert list(trail.verify()) == []


def test_many_lines_are_sealed_a_thousand_at_a_time(person):
    trail.record_many(trail.line(person, f"test.{number}", person) for number in range(2500))
    assert trail.seal() == 2500
    assert [len(seal.line_ids) for seal in TrailSeal.objects.order_by("id")] == [1000, 1000, 500]
    assert list(trail.verify()) == []
    assert trail.seal() == 0


def test_each_seal_is_chained_to_the_one_before(seven_lines):
    first, second = TrailSeal.objects.order_by("id")
    assert (first.before, second.before) == ("", first.digest)
    assert first.line_ids + second.line_ids == seven_lines


def test_an_untouched_trail_verifies_without_breaks(seven_lines):
    assert list(trail.verify()) == []


# --- what was done to it shows -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "column", ["verb = 'test.nothing'", "details = '{\"word\": \"改过\"}'", "actor_name = '别人'", "at = at + interval '1 second'",
               "actor_id = gen_random_uuid()", "region_code = '141123'", "object_id = 'x'", "trace_id = 'x'"],
)  # fmt: skip
def test_an_edited_line_is_reported(seven_lines, column):
    with tampering("safety_trail_line") as cursor:
        cursor.execute(f"UPDATE safety_trail_line SET {column} WHERE id = %s", [seven_lines[1]])
    assert list(trail.verify()) == [f"留痕 {seven_lines[1]}：被改动"]


def test_a_removed_line_is_reported(seven_lines):
    with tampering("safety_trail_line") as cursor:
        cursor.execute("DELETE FROM safety_trail_line WHERE id = %s", [seven_lines[-1]])
    assert list(trail.verify()) == [f"留痕 {seven_lines[-1]}：缺失"]


def test_a_line_inserted_after_sealing_is_reported(seven_lines):
    place = TrailLine.objects.get(pk=seven_lines[2])
    with tampering("safety_trail_line") as cursor:
        cursor.execute(
            LINE.replace("(actor_name", "(id, epoch, xid, actor_name").replace("VALUES (", f"VALUES (900, 1, {place.xid}, "), ["sly"]
        )
    assert list(trail.verify()) == ["留痕 900：封存后插入"]


def test_two_swapped_lines_are_reported(seven_lines):
    one, other = TrailLine.objects.filter(pk__in=seven_lines[:2]).order_by("id")
    with tampering("safety_trail_line") as cursor:
        for line, xid in ((one, other.xid), (other, one.xid)):
            cursor.execute("UPDATE safety_trail_line SET xid = %s WHERE id = %s", [xid, line.pk])
    first = TrailSeal.objects.order_by("id").first().pk
    assert list(trail.verify()) == [f"留痕 {one.pk}：被改动", f"留痕 {other.pk}：被改动", f"封存 {first}：次序被改动"]


def test_a_seal_forged_for_an_edited_line_breaks_the_chain(seven_lines):
    with tampering("safety_trail_line") as cursor:
        cursor.execute("UPDATE safety_trail_line SET verb = 'test.nothing' WHERE id = %s", [seven_lines[0]])
    row = TrailLine.objects.filter(pk=seven_lines[0]).values(*trail.SEALED).get()
    seal = TrailSeal.objects.order_by("id").first()
    digests = [trail.digest_of(row), *seal.line_digests[1:]]
    with tampering("safety_trail_seal") as cursor:
        cursor.execute(
            "UPDATE safety_trail_seal SET line_digests = %s, digest = %s WHERE id = %s",
            [digests, trail.chain("", digests), seal.pk],
        )
    assert list(trail.verify()) == [f"封存 {seal.pk + 1}：链条断开"]


def test_a_removed_seal_in_the_middle_breaks_the_chain(seven_lines):
    first = TrailSeal.objects.order_by("id").first()
    with tampering("safety_trail_seal") as cursor:
        cursor.execute("DELETE FROM safety_trail_seal WHERE id = %s", [first.pk])
    assert f"封存 {first.pk + 1}：链条断开" in list(trail.verify())


def test_a_seal_with_unequal_numbers_of_lines_and_digests_is_reported(seven_lines):
    first = TrailSeal.objects.order_by("id").first()
    with tampering("safety_trail_seal") as cursor:
        cursor.execute("UPDATE safety_trail_seal SET line_ids = line_ids[1:2] WHERE id = %s", [first.pk])
    assert f"封存 {first.pk}：编号与摘要的个数不同" in list(trail.verify())


def test_a_removed_end_of_the_trail_is_found_by_exported_seals(seven_lines):
    shipped = {seal["number"]: seal["digest"] for seal in trail.seals()}
    last = TrailSeal.objects.order_by("id").last()
    with tampering("safety_trail_seal") as cursor:
        cursor.execute("DELETE FROM safety_trail_seal WHERE id = %s", [last.pk])
    with tampering("safety_trail_line") as cursor:
        cursor.execute("DELETE FROM safety_trail_line WHERE id = ANY(%s)", [last.line_ids])
    assert list(trail.verify()) == []  # what is left is whole in itself: therefore seals are shipped
    assert list(trail.verify(shipped)) == [f"封存 {last.pk}：已不存在，异地有保存"]


# --- commands and doors ----------------------------------------------------------------------------------------------------------
def test_the_commands_seal_export_and_verify_the_trail(seven_lines, person, capsys, tmp_path):
    trail.record(person, "test.last", person)
    call_command("seal_trail")
    assert capsys.readouterr().out == "封存 1 条。\n"
    call_command("export_seals")
    shipped = tmp_path / "seals.jsonl"
    shipped.write_text(capsys.readouterr().out)
    rows = [json.loads(row) for row in shipped.read_text().splitlines()]
    assert [(row["lines"], len(row["digest"])) for row in rows] == [(4, 64), (3, 64), (1, 64)]
    call_command("export_seals", after=rows[1]["number"])
    assert [json.loads(row) for row in capsys.readouterr().out.splitlines()] == rows[2:]
    call_command("verify_trail", against=shipped)
    assert "whole" in capsys.readouterr().out


def test_the_verify_command_names_the_break_and_exits_with_an_error(seven_lines, capsys):
    with tampering("safety_trail_line") as cursor:
        cursor.execute("DELETE FROM safety_trail_line WHERE id = %s", [seven_lines[3]])
    with pytest.raises(CommandError, match="broken in 1 place") as refusal:
        call_command("verify_trail")
    assert refusal.value.returncode == 1
    assert capsys.readouterr().out == f"留痕 {seven_lines[3]}：缺失\n"


@pytest.mark.parametrize("content", ["no json", '{"number": 1}', "[1]", '{"number": "x", "digest": "y"}'])
def test_a_file_that_holds_no_seals_is_refused_with_a_sentence(db, tmp_path, content):
    (tmp_path / "seals").write_text(content)
    with pytest.raises(CommandError, match="export_seals"):
        call_command("verify_trail", against=tmp_path / "seals")
    with pytest.raises(CommandError, match="读不到"):
        call_command("verify_trail", against=tmp_path / "absent")


def test_the_auditor_reads_lines_and_seals_and_sees_breaks(as_, people):
    trail.record(people["inspector"], "test.read", people["inspector"])
    auditor = as_("auditor")
    lines = auditor.get("/api/v1/trail", {"verb": "test.read"}).json()["results"]
    assert [(line["actor_name"], line["verb"]) for line in lines] == [("张巡", "test.read")]
    assert auditor.get("/api/v1/trail", {"verb": "test.other"}).json()["results"] == []
    assert auditor.get("/api/v1/trail/seals").status_code == 200
    assert auditor.get("/api/v1/trail/verify").json() == {"breaks": []}


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "bureau", "inspector"])
@pytest.mark.parametrize("address", ["trail", "trail/seals", "trail/verify"])
def test_only_the_auditor_reads_the_trail(as_, username, address):
    assert as_(username).get(f"/api/v1/{address}").status_code == 403
