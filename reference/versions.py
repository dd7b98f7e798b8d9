"""Versions of a document, and single values changed from a day on: the versions that hold on each day follow from both.

A change stands in a file of its own beside the versions of its kind, with its own days and its own source, so that one number
of a policy changes without its neighbours being copied:

    [[changes]]
    at = "/ranking/veto_grade_from"
    effective_from = 2027-01-01
    value = "major"
    source = "兴安委〔2026〕31号"

`at` points into the body; a row of a list is named by its code (`/categories/Z4/min_deaths`), a row more by its own
(`/items/C09-18`). `code` names the document where a kind has several. A change ends with the version that it changes, with its
own `effective_to`, or when the next change of the same value begins. Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations, zip_longest
from pathlib import Path
from typing import Any

from reference import shapes
from reference.shapes import Wrong

ONE_DAY = timedelta(days=1)
ROW_NAMES = ("code", "id", "class", "key", "kind")  # what a row of a list is called by


class WrongFile(Exception):
    def __init__(self, path: Path, key: str, why: str):
        super().__init__(f"{path.parent.name}/{path.name} {key}：{why}")
        self.path, self.key, self.why = path, key, why


@dataclass(frozen=True)
class Version:
    """A document as it holds for some days, with the digest of everything but its last day."""

    path: Path
    kind: str
    code: str
    version: str
    title: str
    effective_from: date
    effective_to: date | None
    source: str
    body: dict[str, Any]
    amended: list[dict[str, Any]] = field(default_factory=list)  # at, effective_from, source of each changed value

    @property
    def digest(self) -> str:
        said = [self.kind, self.code, self.version, self.title, self.effective_from, self.source, self.body]
        said += [self.amended] if self.amended else []
        text = json.dumps(said, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def name(self) -> str:
        return f"{self.kind} {self.code} {self.version}"


@dataclass(frozen=True)
class Change:
    """One value of one document from a day on."""

    path: Path
    place: int  # in its file
    at: str
    effective_from: date
    value: Any
    source: str
    code: str = ""
    effective_to: date | None = None

    def refused(self, why: str) -> WrongFile:
        return WrongFile(self.path, f"changes[{self.place}] {self.at}", why)

    def holds(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def touch(one: str, other: str) -> bool:
    """Two places of a body: the same, or one inside the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def source_at(amended: Iterable[Mapping[str, Any]], at: str) -> str | None:
    """The source of what was changed at this place of a body, within it or around it; None where nothing was."""
    found = [each for each in amended if touch(each["at"], at)]
    return max(found, key=lambda each: each["effective_from"])["source"] if found else None


def derived(versions: Iterable[Version], changes: Iterable[Change]) -> list[Version]:
    """Each version cut where a value of it changes. Raises WrongFile for a change that finds nothing to change."""
    whole = list(versions)
    mine: dict[int, list[Change]] = {}
    for change in changes:
        mine.setdefault(id(_changed_by(change, whole)), []).append(change)
    return [each for version in whole for each in _cut(version, mine.get(id(version), []))]


def _changed_by(change: Change, versions: list[Version]) -> Version:
    of_kind = [each for each in versions if each.kind == change.path.parent.name]
    codes = sorted({each.code for each in of_kind})
    if change.code not in codes and (change.code or len(codes) != 1):
        raise change.refused(f"code 应为 {'、'.join(codes)} 之一" if codes else "没有这一种规定")
    named = [each for each in of_kind if each.code == (change.code or codes[0])]
    found = next((each for each in named if _holds(each, change.effective_from)), None)
    if found is None:
        raise change.refused(f"{change.effective_from} 没有可改的版本")
    if found.effective_from == change.effective_from:
        raise change.refused(f"应晚于 {found.version} 的施行日 {found.effective_from}")
    if change.effective_to and not (
        _holds(found, change.effective_to) and change.effective_from <= change.effective_to
    ):
        raise change.refused(f"effective_to 应在 {change.effective_from} 与 {found.version} 的末日之间")
    return found


def _holds(version: Version, on: date) -> bool:
    return version.effective_from <= on and (version.effective_to is None or on <= version.effective_to)


def _cut(version: Version, changes: list[Change]) -> Iterator[Version]:
    spells = _one_after_another(changes)
    ends = {each.effective_to + ONE_DAY for each in spells if each.effective_to}
    firsts = {version.effective_from, *(each.effective_from for each in spells), *ends}
    days = sorted(day for day in firsts if _holds(version, day))
    for first, following in zip_longest(days, days[1:]):
        last = following - ONE_DAY if following else version.effective_to
        yield _as_of(version, first, last, [each for each in spells if each.holds(first)])


def _one_after_another(changes: list[Change]) -> list[Change]:
    """Ends a change where the next one of the same value begins. Raises WrongFile where two would hold at once."""
    ordered = sorted(changes, key=lambda each: each.effective_from)
    spells = []
    for place, each in enumerate(ordered):
        later = next((other for other in ordered[place + 1 :] if other.at == each.at), None)
        if each.effective_to or later is None or later.effective_from == each.effective_from:
            spells.append(each)
        else:
            spells.append(replace(each, effective_to=later.effective_from - ONE_DAY))
    for one, other in combinations(spells, 2):
        if touch(one.at, other.at) and one.holds(other.effective_from):
            raise other.refused(f"与 {one.path.name} changes[{one.place}] {one.at} 的有效期重叠")
    return spells


def _as_of(version: Version, first: date, last: date | None, changes: list[Change]) -> Version:
    if first == version.effective_from:
        return replace(version, effective_to=last)
    body = deepcopy(version.body)
    for change in changes:
        _put(body, change)
    amended = [
        {"at": each.at, "effective_from": each.effective_from.isoformat(), "source": each.source} for each in changes
    ]
    path = changes[-1].path if changes else version.path
    name = f"{version.version}@{first}"
    return replace(
        version, path=path, version=name, effective_from=first, effective_to=last, body=body, amended=amended
    )


def _put(body: dict[str, Any], change: Change) -> None:
    """Raises WrongFile for a name that the body does not have, and for a value that its shape refuses."""
    *way, name = change.at.removeprefix("/").split("/")
    inside: Any = body
    for step in way:
        inside = _inside(inside, step, change)
    if isinstance(inside, list):
        _put_row(inside, name, change)
    elif isinstance(inside, dict):
        inside[name] = change.value
    else:
        raise change.refused(f"{name} 之上不是表")
    try:
        shapes.BODIES[change.path.parent.name](body, "body")
    except Wrong as wrong:
        raise change.refused(str(wrong)) from None


def _put_row(rows: list[Any], name: str, change: Change) -> None:
    """In the place of the row of this name; behind them all when there is none and the row calls itself so."""
    if _called(change.value, name) and not any(_called(row, name) for row in rows):
        rows.append(change.value)
    else:
        rows[rows.index(_inside(rows, name, change))] = change.value


def _called(row: Any, name: str) -> bool:
    return isinstance(row, dict) and name in (row.get(each) for each in ROW_NAMES)


def _inside(value: Any, step: str, change: Change) -> Any:
    if isinstance(value, dict):
        found = [value[step]] if step in value else []
    else:
        found = [row for row in value if _called(row, step)] if isinstance(value, list) else []
    if len(found) != 1:
        raise change.refused(f"有几行叫 {step}" if found else f"没有 {step}")
    return found[0]
