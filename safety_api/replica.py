"""读库 A replica answers lists, tiles and rankings (`REPLICA_URL`): a request is read there wholly or not at all.

While it is answered, the default connection is the replica's: whoever asks anything, by whatever way, asks there. What is not plainly
well is asked of the primary once more, for a GET may be repeated: a replica that is away, lags or was asked to write, a person it does
not know yet. People read what they have just written from the primary until the replica has read as far as they wrote.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.utils import Error as DatabaseError
from django.http import Http404, HttpResponse
from django.urls import resolve
from django_redis import get_redis_connection
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS

log = logging.getLogger(__name__)
ALIAS = "replica"
READS = frozenset({"list", "geojson", "tile", "items", "ratios", "breakdown", "ranking"})  # actions of doors
LOOK = 1.0  # seconds between two looks at how far it is
REST = 30.0  # seconds it is left alone after it failed: a machine that vanished costs two of them to find out
KEPT = 60  # seconds a person's place is remembered: far longer than a replica may lag
MOST_PEOPLE, MOST_FAILURES = 20_000, 3
LOOKS = """
    SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
           pg_is_in_recovery() AND (
               now() - pg_last_xact_replay_timestamp() < make_interval(secs => %s)
               OR (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver)))"""
WRITTEN = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"


class Look(NamedTuple):
    """How far the replica has read, and whether that is near enough."""

    at: float = float("-inf")
    place: int = 0
    near: bool = False


class Replica:
    """What this process knows of it, and of the people who asked the primary before: by what they present, who they are."""

    def __init__(self) -> None:
        self.seen, self.rests_until = Look(), 0.0
        self.people: dict[str, str] = {}
        self.failures: Counter[tuple] = Counter()  # of doors, one after another: those that write while they are read

    # --- whether ----------------------------------------------------------------------------------------------------------
    def may_answer(self, request: Any) -> bool:
        who = self.people.get(_presented(request))
        return (
            who is not None
            and time.monotonic() > self.rests_until
            and self.reads(request.path_info)
            and self.is_near()
            and self.has_read(_written(who))
        )

    def reads(self, path: str) -> bool:
        door = _door(path)
        return door[1] in READS and self.failures[door] < MOST_FAILURES

    def is_near(self) -> bool:
        if time.monotonic() - self.seen.at > LOOK:
            self.look()
        return self.seen.near

    def look(self) -> None:
        try:
            self.seen = look()
        except DatabaseError as error:
            log.warning("the replica is away: %s", error)
            self.rest()

    def rest(self) -> None:
        connections[ALIAS].close()
        self.seen, self.rests_until = Look(), time.monotonic() + REST

    def has_read(self, place: int | None) -> bool:
        if place is not None and place > self.seen.place:
            self.look()
        return place is not None and place <= self.seen.place and self.seen.near

    # --- reading ------------------------------------------------------------------------------------------------------------
    def answer(self, get_response: Callable, request: Any) -> HttpResponse | None:
        """What the replica says; None when the primary is to be asked."""
        line = connections[ALIAS]
        with _default_is(line):
            response = get_response(request)
        door = _door(request.path_info)
        if response.status_code < 400:
            self.failures.pop(door, None)
            return response
        if response.status_code >= 500:
            self.failures[door] += 1
            self.rest()
        return None

    # --- writing ------------------------------------------------------------------------------------------------------------
    def know(self, request: Any) -> None:
        """Whoever the primary has answered may be answered by the replica the next time."""
        if presented := _presented(request):
            if len(self.people) >= MOST_PEOPLE:
                self.people.clear()
            self.people[presented] = str(getattr(request.__dict__.get("user"), "pk", None) or presented)

    def wrote(self, request: Any) -> None:
        """Remembers how far the log had come when this person had written. Where it cannot be, nobody reads there for a while."""
        who = self.people.get(_presented(request))
        if who is None:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(WRITTEN)
                get_redis_connection("default").set(f"safety:wrote:{who}", int(cursor.fetchone()[0]), ex=KEPT)
        except (DatabaseError, RedisError):
            self.rests_until = time.monotonic() + KEPT


def look() -> Look:
    """Raises DatabaseError when it is away."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(LOOKS, [settings.REPLICA_LAG])
        place, near = cursor.fetchone()
    return Look(time.monotonic(), int(place or 0), bool(near))


def reading(get_response: Callable) -> Callable:
    """The way of a request through the house, with the replica beside it."""
    replica = Replica()

    def answered(request: Any) -> HttpResponse:
        if request.method == "GET" and replica.may_answer(request):
            found = replica.answer(get_response, request)
            if found is not None:
                return found
        response = get_response(request)
        if response.status_code < 400:
            replica.know(request)
            if request.method not in SAFE_METHODS:
                replica.wrote(request)
        return response

    return answered


@contextmanager
def _default_is(line: Any) -> Iterator[None]:
    """For this thread, which is asked one thing at a time."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = line
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def _presented(request: Any) -> str:
    """By what a phone says who it is; a page's session is written while it is read and stays with the primary."""
    token, leader = request.META.get("HTTP_AUTHORIZATION"), request.META.get("HTTP_ACTING_FOR", "")
    return hashlib.sha256(f"{token} {leader}".encode()).hexdigest()[:32] if token else ""


def _written(who: str) -> int | None:
    """How far this person has written lately; None when nobody can tell."""
    try:
        return int(get_redis_connection("default").get(f"safety:wrote:{who}") or 0)
    except RedisError:
        return None


def _door(path: str) -> tuple:
    """View and action of a GET at this address; nothing where no door of ours is."""
    try:
        view = resolve(path).func
    except Http404:
        return None, None
    return getattr(view, "cls", None), getattr(view, "actions", {}).get("get")
