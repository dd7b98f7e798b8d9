"""检索 Words of records, kept beside them: written after the commit, read by every list that is asked with `q`.

A floor declares what its records are found by (`search.py`: `declare(Index(…))`), keeps them by its handlers, and asks with `saying`. What has
come a moment ago and stands in no index yet is read as it is, so that whoever enters something finds it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Q, QuerySet
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


# --- asking -----------------------------------------------------------------------------------------------------------
def saying(rows: Any, kind: str, text: str) -> Any:
    """Records of a kind that hold each of the words, however they are written; none when nothing was said."""
    wanted = words.asked(text)
    if not wanted:
        return rows.none()
    signs = words.signs_asked(wanted)
    held = Q(words__signs__contains=signs) if signs else Q()
    for word in wanted:
        held &= Q(words__text__contains=word)
    fresh = _fresh(INDEXES[kind], wanted)
    return rows.filter(held | Q(pk__in=fresh) if fresh else held)


def _fresh(index: Index, wanted: tuple[str, ...]) -> list[Any]:
    """Of the records that changed last those not yet indexed that hold the words."""
    newest = index.model._default_manager.order_by("-epoch", "-xid").values("pk")[:NEWEST]
    unread = index.model._default_manager.filter(pk__in=newest, words=None).values_list("pk", flat=True)
    spell = words.spelled if any(word.isascii() for word in wanted) else words.joined
    return [key for key, fields, _ in index.read(list(unread)) if words.holds(spell(*fields), wanted)]


def newest_first(rows: QuerySet, most: int, *, column: str, before: datetime | None) -> list[Any]:
    """The first rows of a search in the order of `column`, latest first: only as many days are looked at as fill the page.

    `before`: the moment where the page begins, None for the newest of all. The words' windows are of the same column.
    """
    begins = before or rows.model._default_manager.order_by(f"-{column}").values_list(column, flat=True).first()
    span: int | None = words.SPANS[0]
    while begins and span:
        inside = Q(words__signs__overlap=words.windows(timezone.localdate(begins), span)) | Q(words=None)
        found = list(rows.filter(inside)[:most])
        if len(found) >= most:
            return found
        span = words.next_span(span, len(found), most)
    return list(rows[:most])
