"""A second PostgreSQL: the primary is lost under load, the standby takes its place, and nothing that was acknowledged is lost."""

from __future__ import annotations

import json
import os
import random
from uuid import uuid4

import pytest

from ops.cluster import Cluster
from ops.show import Failed
from tests.cast.units import a_unit
from tests.cast.visits import a_visit
from tests.ground.connections import phone_of, until
from tests.ops.front import web
from tests.ops.second import Phones, dump_of_tests, kill, pair_of

pytestmark = pytest.mark.foreign
LIST = "/api/v1/inspections?limit=50"


def token_of(username: str) -> str:
    return phone_of(username)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")


@pytest.fixture
def two(committed, tmp_path):
    """A primary, its standby, and what a phone needs."""
    unit, token = str(a_unit().pk), token_of("inspector")
    with pair_of(dump_of_tests(tmp_path)) as pair:
        yield pair, token, unit


def stored(cluster: Cluster, keys: list[str]) -> int:
    return int(cluster.sql(f"SELECT count(*) FROM inspections_inspection WHERE id = ANY ('{{{','.join(keys)}}}')"))


def test_acknowledged_visits_survive_the_loss_of_the_primary(two):
    pair, token, unit = two
    pair.say(pair.primary, "standby", "wait", "on")
    with web(DATABASE_URL=pair.url()) as running:
        phones = Phones(running.port, token, unit)
        with phones.sending():
            until(lambda: phones.heard(0, 60), seconds=120)
            pair.lose_primary()
            before = len(phones.acknowledged)
            said = pair.say(pair.standby, "promote")
            until(lambda: phones.heard(before, 60), seconds=120)
    lost = len(phones.acknowledged) - stored(pair.standby, phones.acknowledged)
    print(f"acknowledged {len(phones.acknowledged)}, lost {lost}, answers {dict(phones.answers)}, out {phones.longest_pause:.1f} s")
    assert "epoch 2" in said.stdout
    assert (lost, set(phones.answers) <= {200, 201, 503}) == (0, True)


def test_while_the_standby_is_away_no_write_is_acknowledged_and_reading_goes_on(two):
    pair, token, unit = two
    pair.say(pair.primary, "standby", "wait", "on")
    with web(DATABASE_URL=pair.url(), STANDBY_PATIENCE="1") as running:
        phones, key = Phones(running.port, token, unit), str(uuid4())
        assert phones.visit(str(uuid4())) == 201
        pair.standby.stop()
        status, headers, body = phones.ask("PUT", f"/api/v1/inspections/{key}", a_visit(enterprise=unit, answers=[], hazards=[]))
        assert (status, json.loads(body)["code"], headers["retry-after"]) == (503, "standby_away", "5")
        assert stored(pair.primary, [key]) == 1  # on this machine alone: it was not acknowledged
        assert (phones.visit(key), phones.ask("GET", LIST)[0]) == (503, 200)
        assert "standby_away" in phones.ask("GET", "/readyz")[2].decode()
        refused = pair.say(pair.primary, "standby", "wait", "on", check=False)
        assert "No standby follows" in refused.stderr
        pair.standby.start()
        until(lambda: phones.visit(key) == 200, seconds=60)
        pair.standby.stop()
        pair.say(pair.primary, "standby", "wait", "off")
        until(lambda: phones.visit(str(uuid4())) == 201, seconds=60)


def test_no_tag_given_before_a_promotion_means_another_state_after_it(two):
    """The standby has not received the last transactions: their ids are given out again, for other visits."""
    pair, token, unit = two
    with web(DATABASE_URL=pair.url()) as running:
        phones = Phones(running.port, token, unit)
        assert phones.visit(str(uuid4())) == 201
        until(pair.caught_up)
        pair.standby.stop()
        lost = [str(uuid4()) for _ in range(3)]
        tags = []
        for key in lost:
            assert phones.visit(key) == 201
            tags.append(phones.ask("GET", LIST)[1]["etag"])
        pair.lose_primary()
        pair.say(pair.standby, "promote")
        until(lambda: phones.ask("GET", LIST)[0] == 200, seconds=60)
        for _ in range(8):
            assert [phones.ask("GET", LIST, **{"If-None-Match": tag})[0] for tag in tags] == [200] * 3
            assert phones.visit(str(uuid4())) == 201
        fresh = phones.ask("GET", LIST)[1]["etag"]
        assert phones.ask("GET", LIST, **{"If-None-Match": fresh})[0] == 304
        assert fresh not in tags
    assert pair.standby.sql("SELECT number FROM safety_epoch") == "2"


def test_a_primary_that_lives_is_not_replaced_and_a_standby_is_not_written_to(two):
    pair, _, _ = two
    for words, sentence in [(("promote",), "The primary is alive"), (("standby", "allow"), "This is a standby"), (("restore", os.devnull), "This is a standby")]:
        refused = pair.say(pair.standby, *words, check=False)
        assert refused.returncode == 1 and sentence in refused.stderr
    assert "follows its primary" in pair.say(pair.standby, "up").stdout
    with web(DATABASE_URL=pair.url(pair.standby)) as running:
        status, headers, _ = Phones(running.port, "0" * 64, "").ask("POST", "/api/v1/auth/login", {"username": "x", "password": "y", "device_id": "z"})
        assert (status, headers["retry-after"]) == (503, "5")


# --- two machines, by their addresses -------------------------------------------------------------------------------------
def address_in(said: str) -> str:
    return next(word for word in said.split() if word.startswith("postgresql://"))


def test_a_replaced_primary_does_not_come_up_beside_its_successor_and_follows_it(two):
    pair, token, unit = two
    net = f"127.{random.randrange(2, 250)}.{random.randrange(250)}"
    first, second, me = f"{net}.1", f"{net}.2", "127.0.0.1/32"
    where = address_in(pair.say(pair.primary, "standby", "allow", first, me, f"{second}/32").stdout)
    pair.say(pair.standby, "standby", "follow", where, second, me, f"{first}/32", "--yes")
    password = pair.standby.passwords()["safety_app"]
    with web(DATABASE_URL=f"postgis://safety_app:{password}@{first},{second}/safety") as running:
        phones = Phones(running.port, token, unit)
        assert phones.visit(str(uuid4())) == 201
        until(pair.caught_up)
        pair.lose_primary()
        where = address_in(pair.say(pair.standby, "promote").stdout)
        with pytest.raises(Failed, match=f"{second} is the primary now"):
            pair.primary.start()
        pair.say(pair.primary, "standby", "follow", where, first, me, f"{second}/32", "--yes")
        pair.say(pair.standby, "standby", "wait", "on")
        until(lambda: phones.visit(str(uuid4())) == 201)
    refused = pair.say(pair.primary, "standby", "wait", "on", check=False)
    assert "No standby follows" in refused.stderr


def test_a_stranger_gets_no_copy_of_the_cluster(two):
    pair, _, _ = two
    lines = pair.primary.sql("SELECT type, array_to_string(database, ' '), array_to_string(user_name, ' ') FROM pg_hba_file_rules", "postgres")
    assert lines.splitlines() == ["local|all|all", "local|replication|postgres safety_standby"]


# --- a replica for reading ------------------------------------------------------------------------------------------------
def test_a_person_sees_their_own_visit_at_once_while_a_replica_answers_the_others(committed, tmp_path):
    unit, tokens = str(a_unit().pk), [token_of("inspector"), token_of("bureau")]
    with pair_of(dump_of_tests(tmp_path)) as pair:
        urls = {"DATABASE_URL": pair.url(pair.primary), "REPLICA_URL": pair.url(pair.standby), "REPLICA_LAG": "60"}
        with web(**urls) as running:
            mine, theirs = (Phones(running.port, token, unit) for token in tokens)
            key = str(uuid4())
            assert mine.visit(key) == 201
            until(pair.caught_up)
            tag = tag_that_holds(theirs)
            pair.standby.sql("SELECT pg_wal_replay_pause()")
            later = str(uuid4())
            assert mine.visit(later) == 201
            assert (shows(mine, later), shows(theirs, later), shows(theirs, key)) == (True, False, True)
            pair.standby.sql("SELECT pg_wal_replay_resume()")
            until(pair.caught_up)
            assert (shows(mine, later), shows(theirs, later)) == (True, True)
            assert theirs.ask("GET", LIST, **{"If-None-Match": tag})[0] == 200
            kill(pair.standby)
            assert [theirs.ask("GET", LIST)[0] for _ in range(3)] == [200] * 3
            assert "replica_away" in theirs.ask("GET", "/readyz")[2].decode()


def tag_that_holds(phones: Phones) -> str:
    """First the primary is asked, which knows nobody yet, then the replica. Their tags are equal when no autovacuum is under way."""
    tags = [""]

    def holds() -> bool:
        status, headers, _ = phones.ask("GET", LIST, **{"If-None-Match": tags[0]})
        tags[0] = headers["etag"]
        return status == 304

    until(holds)
    return tags[0]


def shows(phones: Phones, key: str) -> bool:
    return key in phones.ask("GET", LIST)[2].decode()


LATER = {"started_at": "2026-11-21T09:00:00+08:00", "finished_at": "2026-11-21T10:00:00+08:00"}  # on the first page


def test_under_load_every_reader_with_a_replica_sees_what_they_wrote(two):
    pair, token, unit = two
    with web(DATABASE_URL=pair.url(pair.primary), REPLICA_URL=pair.url(pair.standby)) as running:
        phones = Phones(running.port, token, unit)
        with phones.sending(2):
            for _ in range(30):
                key = str(uuid4())
                assert (phones.visit(key, **LATER), shows(phones, key)) == (201, True)
    assert set(phones.answers) == {201}
