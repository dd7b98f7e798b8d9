"""检索 Words of records, kept beside them: written after the commit, read by every list that is asked with `q`.

A floor declares what its records are found by (`search.py`: `declare(Index(…))`), keeps them by its handlers, and asks with `saying`. What has
come a moment ago and stands in no index yet is read as it is, so that whoever enters something finds it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from safety_api import outbox, words
from safety_api.parts import in_parts

FOUND_BY = "文字、单位或地点的一部分，拼音或首字母；几个词以空格分开，须都符合；不分全半角、大小写"
BATCH = 500  # records a transaction
NEWEST = 100  # records looked at as they are, the last that changed
Fields = tuple[Any, list[str | None], date | None]  # key, what is found by, the day it is ordered by


class Words(models.Model):
    """Abstract. A model's `record = OneToOneField(…, primary_key=True, related_name="words")` comes with the floor."""

    text = models.TextField("检索文字")
    signs = ArrayField(models.IntegerField(), verbose_name="检索编码")

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["signs"], name="%(class)s_signs")]


@dataclass(frozen=True)
class Index:
    """`read`: of records by their keys, what each is found by."""

    kind: str
    words: Any  # the model of its words
    read: Callable[[Iterable[Any]], Iterator[Fields]]

    @property
    def model(self) -> type[models.Model]:
        return self.words._meta.pk.related_model


INDEXES: dict[str, Index] = {}


def declare(index: Index) -> Index:
    INDEXES[index.kind] = index
    return index


# --- keeping ----------------------------------------------------------------------------------------------------------
def keep(index: Index, keys: Iterable[Any]) -> int:
    """Writes the words of these records as they stand; repeating it changes nothing. Returns how many there were."""
    done = 0
    for part in in_parts(sorted(set(map(str, keys))), BATCH):
        rows = [_row(index, *found) for found in index.read(part)]
        index.words._default_manager.bulk_create(
            sorted(rows, key=lambda row: str(row.pk)), update_conflicts=True, unique_fields=["pk"],
            update_fields=["text", "signs"],
        )  # fmt: skip
        done += len(rows)
    return done


def _row(index: Index, key: Any, fields: list[str | None], day: date | None) -> Words:
    text = words.spelled(*fields)
    return index.words(record_id=key, text=text, signs=words.signs_of(text, day))


def fill(kind: str) -> None:
    """All records of a kind by the worker, a message a batch."""
    outbox.send("words.fill", {"kind": kind, "after": ""})


@transaction.atomic
def go_on(kind: str, after: str) -> None:
    index = INDEXES[kind]
    rows = index.model._default_manager.filter(pk__gt=after) if after else index.model._default_manager.all()
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if keys:
        keep(index, keys)
        outbox.send("words.fill", {"kind": kind, "after": str(keys[-1])})


# --- asking ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Search:
    """What was asked of records of a kind; `column`: the time by which their words know windows of days, "" for none."""

    wanted: tuple[str, ...]
    fresh: tuple[Any, ...] = ()  # records that hold the words and stand in no index yet
    column: str = ""

    def narrowed(self, rows: Any) -> Any:
        """By the texts alone, not by the index: `indexed` or `newest_first` add that. None when nothing was said."""
        if not self.wanted:
            return rows.none()
        held = Q(*(("words__text__contains", word) for word in self.wanted))
        return rows.filter(self._or_fresh(held))

    def indexed(self, rows: Any, windows: Sequence[int] = ()) -> Any:
        """By the index, within these windows of days. One look-up a window holds all the numbers: asked apart, the planner takes the
        words for rarer than they are and leaves the window out."""
        signs = words.signs_asked(self.wanted)
        held = Q()
        for window in windows:
            held |= Q(words__signs__contains=[*signs, window])
        if not windows and signs:
            held = Q(words__signs__contains=signs)
        return rows.filter(self._or_fresh(held)) if held else rows

    def newest_first(self, rows: Any, most: int, *, before: datetime | None) -> list[Any]:
        """The first rows, latest first: only as many days are looked at as fill the page.

        `before`: the moment where the page begins, None for the newest of all.
        """
        newest = rows.model._default_manager.order_by(f"-{self.column}").values_list(self.column, flat=True)
        begins = before or newest.first()
        span: int | None = words.SPANS[0]
        while begins and span:
            found = list(self.indexed(rows, words.windows(timezone.localdate(begins), span))[:most])
            if len(found) >= most:
                return found
            span = words.next_span(span, len(found), most)
        return list(self.indexed(rows)[:most])

    def _or_fresh(self, held: Q) -> Q:
        return held | Q(pk__in=self.fresh) if self.fresh else held


def search_for(kind: str, text: str | None, column: str = "") -> Search | None:
    """None where there was no `q`."""
    if not text:
        return None
    wanted = words.asked(text)
    return Search(wanted, tuple(_fresh(INDEXES[kind], wanted)) if wanted else (), column)


def saying(rows: Any, kind: str, text: str) -> Any:
    """Records of a kind that hold each of the words, however they are written; none when nothing was said."""
    search = search_for(kind, text)
    return search.indexed(search.narrowed(rows)) if search else rows


def _fresh(index: Index, wanted: tuple[str, ...]) -> list[Any]:
    """Of the records that changed last those not yet indexed that hold the words."""
    newest = index.model._default_manager.order_by("-epoch", "-xid").values("pk")[:NEWEST]
    unread = index.model._default_manager.filter(pk__in=newest, words=None).values_list("pk", flat=True)
    spell = words.spelled if any(word.isascii() for word in wanted) else words.joined
    return [key for key, fields, _ in index.read(list(unread)) if words.holds(spell(*fields), wanted)]
