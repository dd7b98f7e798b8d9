"""How lists of divisions become history: pure functions over editions; no ORM, no clock.

An edition says what existed on its day, within its scope and for the levels it lists; about anything else it is silent.
History is derived from all editions together, so that loading 2016 after 2023 gives the same as 2023 after 2016.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.codes import common_prefix, is_code, level_of, parent_of, prefix_of

NAME_BOUND = 60
BODY = re.compile(r"(社区)?(居民委员会|居委会|居委)$|村民委员会$|村委会$|村委$|社区$")
URBAN_RURAL = frozenset({"", "111", "112", "121", "122", "123", "210", "220"})  # 统计上划分城乡的规定 国函〔2008〕60号


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    urban_rural_code: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    label: str
    on: date  # from when its changes hold
    scope: str  # digits every code of it begins with
    levels: frozenset[str]
    lines: Mapping[str, Line]

    def speaks_of(self, code: str) -> bool:
        return code.startswith(self.scope) and level_of(code) in self.levels


@dataclass(frozen=True, slots=True)
class Span:
    """One name of one code, for the half-open days [valid_from, valid_to); None = without limit."""

    code: str
    name: str
    urban_rural_code: str
    valid_from: date | None
    valid_to: date | None
    edition: str  # the label that first said so


@dataclass(frozen=True, slots=True)
class Succession:
    predecessor: str
    successor: str | None  # None: a person must say
    on: date
    edition: str
    basis: str


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    code: str
    detail: str

    def __str__(self) -> str:
        return f"第{self.line}行 {self.code}：{self.detail}"


@dataclass(slots=True)
class Listing:
    """A list as read: its lines, what it speaks of, and what is wrong with it."""

    lines: dict[str, Line] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # code → line of the file
    faults: list[Fault] = field(default_factory=list)
    scope: str = ""
    levels: frozenset[str] = frozenset()


# --- reading a list --------------------------------------------------------------------------------------------------


def read(rows: Iterable[Mapping[str, str | None]], known: frozenset[str] = frozenset()) -> Listing:
    """Rows with `code, name` and, if they like, `level, parent_code, urban_rural_code`. `known`: codes already here."""
    listing = Listing()
    for number, row in enumerate(rows, start=2):  # line 1 is the heading
        texts = {key: (value or "").strip() for key, value in row.items() if isinstance(value, str | None)}
        if fault := _fault_of(texts, listing.lines):
            listing.faults.append(Fault(number, *fault))
        else:
            line = Line(texts["code"], texts["name"], texts.get("urban_rural_code", ""))
            listing.lines[line.code], listing.numbers[line.code] = line, number
    _close(listing, known)
    return listing


def _fault_of(row: Mapping[str, str], seen: Mapping[str, Line]) -> tuple[str, str] | None:
    code, name = row.get("code", ""), row.get("name", "")
    if not is_code(code):
        return code[:20], "代码须为12位数字"
    checks = (
        (code in seen, "代码重复"),
        (not name or len(name) > NAME_BOUND or not name.isprintable(), f"名称须为1至{NAME_BOUND}个可见字符"),
        (row.get("level") not in (None, "", level_of(code)), f"级别与代码不符，代码为 {level_of(code)}"),
        (row.get("parent_code") not in (None, "", parent_of(code)), f"上级与代码不符，应为 {parent_of(code)}"),
        (row.get("urban_rural_code", "") not in URBAN_RURAL, "城乡分类代码不存在"),
    )
    return next(((code, words) for wrong, words in checks if wrong), None)


def _close(listing: Listing, known: frozenset[str]) -> None:
    """Scope, levels, and the parents that must exist: in the list, here already, or above the only root."""
    tops = [code for code in listing.lines if parent_of(code) not in listing.lines]
    if not tops:
        listing.faults.append(Fault(1, "", "没有任何一行可用"))
        return
    highest = min(len(prefix_of(code)) for code in tops)
    roots = [code for code in tops if len(prefix_of(code)) == highest]
    orphans = [code for code in tops if parent_of(code) not in known and [code] != roots]
    listing.faults += [Fault(listing.numbers[code], code, f"上级 {parent_of(code)} 不存在") for code in orphans]
    above = [prefix_of(code) if [code] == roots else prefix_of(parent_of(code) or code) for code in tops]
    listing.scope = common_prefix(above)
    listing.levels = frozenset(map(level_of, listing.lines))


# --- history ---------------------------------------------------------------------------------------------------------


def in_order(editions: Iterable[Edition]) -> list[Edition]:
    return sorted(editions, key=lambda edition: (edition.on, edition.label))


def history(editions: Iterable[Edition]) -> dict[str, list[Span]]:
    """Every code ever listed, with its spans in order. The first edition that speaks of a code holds backwards."""
    ordered = in_order(editions)
    codes = sorted({code for edition in ordered for code in edition.lines})
    return {code: spans for code in codes if (spans := list(_spans(code, ordered)))}


def _spans(code: str, ordered: list[Edition]) -> Iterator[Span]:
    held: Line | None = None
    since: date | None = None
    label = ""
    for number, edition in enumerate(each for each in ordered if each.speaks_of(code)):
        line = edition.lines.get(code)
        if held and (line is None or line.name != held.name):
            yield from _span(held, since, edition.on, label)
            held = None
        if line and held is None:
            since, label = (edition.on if number else None), edition.label
        held = line
    if held:
        yield from _span(held, since, None, label)


def _span(line: Line, since: date | None, until: date | None, label: str) -> Iterator[Span]:
    """Two editions of one day may disagree: a span of no days is none."""
    if since is None or until is None or since < until:
        yield Span(line.code, line.name, line.urban_rural_code, since, until, label)


def is_virtual(name: str) -> bool:
    """开发区的“虚拟社区”: a statistical unit without inhabitants, not in the denominators by default."""
    return "虚拟" in name


# --- successors ------------------------------------------------------------------------------------------------------


def successions(editions: Iterable[Edition]) -> list[Succession]:
    """What is proposed for every code that ended, by the edition in which it was missing first."""
    ordered = in_order(editions)
    found: list[Succession] = []
    for edition, gone, new in _turns(ordered):
        for county in sorted({line.code[:6] for line in gone}):
            pairs = _pairs(
                [line for line in gone if line.code.startswith(county)],
                [line for line in new if line.code.startswith(county)],
            )
            found += [Succession(before, after, edition.on, edition.label, basis) for before, after, basis in pairs]
    return found


def _turns(ordered: list[Edition]) -> Iterator[tuple[Edition, list[Line], list[Line]]]:
    """Each edition with the lines that ended and that began in it, against what was known before it."""
    last: dict[str, Line | None] = {}
    spoken: list[Edition] = []
    for edition in ordered:
        gone = [line for code, line in last.items() if line and edition.speaks_of(code) and code not in edition.lines]
        new = [
            line
            for code, line in edition.lines.items()
            if last.get(code) is None and any(earlier.speaks_of(code) for earlier in spoken)
        ]
        if gone:
            yield edition, sorted(gone, key=_by_code), sorted(new, key=_by_code)
        last.update({line.code: None for line in gone} | dict(edition.lines))
        spoken.append(edition)


def _by_code(line: Line) -> str:
    return line.code


def core_name(name: str) -> str:
    """The village without its committee: 东城居委会 and 东城社区居委会 are one 东城; lists also cut 村委会 to 村委."""
    return BODY.sub("", name)


def _pairs(gone: list[Line], new: list[Line]) -> list[tuple[str, str | None, str]]:
    """(predecessor, successor, basis). Only a new code can succeed by name: an old homonym is another place."""
    villages = {line.code: None for line in gone if level_of(line.code) == "village"}
    towns = [line.code for line in gone if level_of(line.code) == "township"]
    went = _by_name([line for line in gone if line.code in villages], new)
    moved_to = {town: _majority(town, went) for town in towns}
    went |= _by_town([line for line in gone if line.code in villages and line.code not in went], new, moved_to)
    found: list[tuple[str, str | None, str]] = [(town, moved_to[town], "majority") for town in towns]
    found += [(code, went.get(code), "name") for code in villages]
    rest = [line.code for line in gone if line.code not in villages and line.code not in moved_to]
    found += [(code, None, "none") for code in rest]
    return sorted((before, after, basis if after else "none") for before, after, basis in found)


def _by_name(gone: list[Line], new: list[Line]) -> dict[str, str]:
    """Same name, one before and one after: first within the township, then in the whole county."""
    went = _unambiguous(gone, new, lambda line: (line.code[:9], core_name(line.name)))
    left = [line for line in gone if line.code not in went]
    free = [line for line in new if line.code not in went.values()]
    return went | _unambiguous(left, free, lambda line: (core_name(line.name),))


def _by_town(gone: list[Line], new: list[Line], moved_to: Mapping[str, str | None]) -> dict[str, str]:
    """Homonyms are told apart by where the rest of their township went."""
    there = {(line.code[:9], core_name(line.name)): line.code for line in new}
    keys = {line.code: ((moved_to.get(line.code[:9] + "000") or "")[:9], core_name(line.name)) for line in gone}
    return {code: there[key] for code, key in keys.items() if key in there}


def _unambiguous(gone: list[Line], new: list[Line], key: Callable[[Line], tuple[str, ...]]) -> dict[str, str]:
    before, after = _villages_by(key, gone), _villages_by(key, new)
    return {codes[0]: after[name][0] for name, codes in before.items() if len(codes) == len(after.get(name, ())) == 1}


def _villages_by(key: Callable[[Line], tuple[str, ...]], lines: list[Line]) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in lines:
        if level_of(line.code) == "village":
            found[key(line)].append(line.code)
    return found


def _majority(town: str, went: Mapping[str, str]) -> str | None:
    """Where most of its villages went; a tie is for a person to decide."""
    votes = Counter(after[:9] + "000" for before, after in went.items() if before[:9] == town[:9]).most_common(2)
    if not votes or (len(votes) == 2 and votes[0][1] == votes[1][1]):
        return None
    return votes[0][0]
