"""One page of a round, in a fixed number of statements; one when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import User
from phone.sync.cursor import Cursor
from phone.sync.streams import (
    BY_TABLE,
    KINDS,
    LIST_OF_KIND,
    LISTS,
    STREAMS,
    ShortList,
    Stream,
    digest,
    gone_from,
    shape_of_all,
)
from safety_api import merged
from safety_api.models import Tombstone
from safety_api.stamps import Horizon, horizon


@dataclass
class Page:
    """`reset`: what the phone has was brought in another jurisdiction, form or epoch; it keeps what this round brings, and its own queue."""

    cursor: Cursor
    reset: bool = False
    streams: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def more(self) -> bool:
        return self.cursor.under_way

    def bring(self, stream: Stream, *, rows: Iterable[Any] = (), gone: Iterable[Any] = ()) -> None:
        told = self.streams.setdefault(stream.name, {"columns": ["id", *stream.columns], "rows": [], "gone": []})
        told["rows"] += rows
        told["gone"] += gone


def next_page(user: User, cursor: Cursor, *, on: date, limit: int) -> Page:
    """What follows for this person, at most about `limit` rows. A cursor of somebody else's, of another epoch, or from before a transfer begins
    from nothing."""
    now = horizon(KINDS, cursor.epoch, cursor.seen)
    scope = scope_of_sync(user)
    of_another = (cursor.epoch, cursor.scope) != (now.epoch, scope)
    reset = of_another and (cursor.seen > 0 or cursor.under_way)  # a first round that was broken off has brought rows too
    if of_another:
        cursor = Cursor(scope=scope, epoch=now.epoch)
    lists = _lists_to_bring(cursor, now, on)
    if not (cursor.under_way or lists or now.changed or not cursor.seen):
        return Page(cursor)
    return _round(user, cursor, now, lists, reset=reset, on=on, limit=limit)


def scope_of_sync(user: User) -> str:
    """A word for whose rows these are; it changes with a transfer, a merger of places, and a new form of the streams."""
    merger = merged.held()
    post = (user.role, user.region, tuple(sorted(user.sectors)), user.enterprise_id, user.department_id, user.is_leader)
    return digest((user.pk, post, merger and merger.stamp, shape_of_all()))


# --- a round ------------------------------------------------------------------------------------------------------------------
def _round(user: User, cursor: Cursor, now: Horizon, lists: list[ShortList], *, reset: bool, on: date, limit: int) -> Page:
    begins = not cursor.under_way
    at = replace(cursor, until=now.below, stream=STREAMS[0].name) if begins else cursor
    page = Page(at, reset=reset)
    if begins:
        _bring_lists(page, user, lists, on)
        _bring_gone(page, user)
    page.cursor = _walk(page, user, now, on, limit)
    return page


def _walk(page: Page, user: User, now: Horizon, on: date, limit: int) -> Cursor:
    """Stream by stream, each only where its table has changed, until the page is full."""
    at, left = page.cursor, limit
    names = [stream.name for stream in STREAMS]
    for stream in STREAMS[names.index(at.stream) if at.stream in names else 0 :]:
        if at.seen and stream.model._meta.label not in now.changed:
            continue
        here = at if at.stream == stream.name else replace(at, stream=stream.name, epoch_at=-1, xid_at=-1, key="")
        rows = list(_rows(stream, user, here, on)[: left + 1])
        full, rows = len(rows) > left, rows[:left]
        _bring_rows(page, stream, rows, forget=at.seen > 0)
        if full:
            return _behind(here, rows[-1]) if rows else here
        left -= len(rows)
    return replace(at, seen=at.until, until=0, stream="", epoch_at=-1, xid_at=-1, key="")


def _rows(stream: Stream, user: User, at: Cursor, on: date) -> Any:
    """In the order of changes, behind the place; of the first round only what is kept."""
    rows = stream.read(user, on).filter(_of_round(at))
    rows = rows if at.seen else rows.filter(is_kept=True)
    if at.xid_at >= 0:
        behind = Q(epoch=at.epoch_at, xid=at.xid_at, pk__gt=at.key) | Q(epoch=at.epoch_at, xid__gt=at.xid_at) | Q(epoch__gt=at.epoch_at)
        rows = rows.filter(behind)
    return rows.order_by("epoch", "xid", "pk")


def _of_round(at: Cursor) -> Q:
    written = Q(epoch=at.epoch, xid__lt=at.until)
    return written & Q(xid__gte=at.seen) if at.seen else written | Q(epoch__lt=at.epoch)


def _behind(at: Cursor, row: tuple) -> Cursor:
    _, epoch, xid, key, *_ = row
    return replace(at, epoch_at=epoch, xid_at=xid, key=str(key))


def _bring_rows(page: Page, stream: Stream, rows: list[tuple], *, forget: bool) -> None:
    kept = [[key, *said] for is_kept, _, _, key, *said in rows if is_kept]
    gone = [key for is_kept, _, _, key, *_ in rows if not is_kept] if forget else []
    if kept or gone:
        page.bring(stream, rows=kept, gone=gone)


def _bring_gone(page: Page, user: User) -> None:
    """What left the jurisdiction or was deleted since; whatever of it is still this person's comes among the rows."""
    at = page.cursor
    if at.seen:
        stones = Tombstone.objects.filter(_of_round(at), gone_from(user), table_name__in=list(BY_TABLE))
        for table, key in stones.order_by("id").values_list("table_name", "key"):
            page.bring(BY_TABLE[table], gone=[key])


# --- short lists --------------------------------------------------------------------------------------------------------------
def _lists_to_bring(cursor: Cursor, now: Horizon, on: date) -> list[ShortList]:
    """None while a round is under way: they came with its first page."""
    if cursor.under_way:
        return []
    had = dict(_editions_of(cursor))
    changed = {LIST_OF_KIND[kind].name for kind in now.changed if kind in LIST_OF_KIND}
    return [each for each in LISTS if not cursor.seen or each.name in changed or had.get(each.name, "") != each.edition(on)]


def _editions_of(cursor: Cursor) -> Iterator[tuple[str, str]]:
    for word in filter(None, cursor.lists.split(",")):
        name, _, edition = word.partition("=")
        yield name, edition


def _bring_lists(page: Page, user: User, lists: list[ShortList], on: date) -> None:
    for each in lists:
        page.lists[each.name] = {"columns": list(each.columns), "rows": each.read(user, on)}
    page.cursor = replace(page.cursor, lists=",".join(f"{each.name}={each.edition(on)}" for each in LISTS))
