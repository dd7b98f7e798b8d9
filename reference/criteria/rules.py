"""Editions of criteria as pure functions: do they follow on, which one judges a hazard, which one a text names, how an item is cited."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from safety_api.days import ONE_DAY
from safety_api.words import folded

UNKNOWN = "unknown"  # the edition of what was found before it was kept, where its own text names none
IN_BRACKETS = re.compile(r"（[^）]*）$")


@dataclass(frozen=True)
class Edition:
    """One text with the days on which hazards are judged by it, both included."""

    code: str
    series: str
    title: str
    number: str
    first: date
    last: date | None
    body: Mapping[str, Any] = field(compare=False, hash=False)

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)

    @property
    def beside(self) -> str:
        return self.body.get("beside", "")

    @property
    def closed_list(self) -> bool:
        """What is not on it is no major hazard."""
        return self.body.get("closed_list", False)

    @property
    def cited(self) -> str:
        return f"《{self.title}》（{self.number}）"


# --- do they follow on ------------------------------------------------------------------------------------------------
def breaks(versions: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    """Versions that do not follow the one before: (the later one, why), with the day. `versions` have code, version, effective_from,
    effective_to and body; a series that is succeeded by another must be followed by it at once."""
    series: dict[str, list[Any]] = defaultdict(list)
    for each in sorted(versions, key=lambda each: each.effective_from):
        series[each.code].append(each)
    for rows in series.values():
        for one, other in pairwise(rows):
            yield from _break(one, other)
    for rows in series.values():
        if heir := rows[-1].body.get("succeeded_by"):
            yield from _unfollowed(rows[-1], series.get(heir, []))
    for one, other in combinations((each for rows in series.values() for each in rows if _judges_alone(each)), 2):
        yield from _rivals(*sorted((one, other), key=lambda each: each.effective_from))


def _break(one: Any, other: Any) -> Iterator[tuple[Any, str]]:
    if one.effective_to is None or one.effective_to >= other.effective_from:
        yield other, f"与 {one.version} 的有效期重叠：{other.effective_from} 起两版并存，请先给旧版本写上 effective_to"
    elif (gap := one.effective_to + ONE_DAY) < other.effective_from:
        yield other, f"{gap} 至 {other.effective_from - ONE_DAY} 没有判定标准：{one.version} 到 {one.effective_to} 为止"


def _judges_alone(version: Any) -> bool:
    return not version.body.get("beside") and not version.body.get("only_named")


def _rivals(one: Any, other: Any) -> Iterator[tuple[Any, str]]:
    """Two series by which the same units would be judged on one day."""
    shared = {*one.body["sectors"]} & {*other.body["sectors"]}
    if one.code == other.code or not shared or one.body.get("trait") != other.body.get("trait"):
        return
    if one.effective_to is None or one.effective_to >= other.effective_from:
        yield other, f"与 {one.code}.{one.version} 的有效期重叠：{other.effective_from} 起 {min(shared)} 有两份判定标准"


def _unfollowed(ended: Any, heirs: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    heir = ended.body["succeeded_by"]
    if ended.effective_to is None:
        yield ended, f"succeeded_by：末日未写，不知何时起归入 {heir}"
    elif not any(_holds(each, ended.effective_to + ONE_DAY) for each in heirs):
        yield ended, f"succeeded_by：{ended.effective_to + ONE_DAY} 起没有 {heir} 的版本"


def _holds(version: Any, on: date) -> bool:
    return version.effective_from <= on and (version.effective_to is None or on <= version.effective_to)


# --- by which it is judged --------------------------------------------------------------------------------------------
def judging(editions: Iterable[Edition], on: date, *, traits: Collection[str] = (), named: str = "") -> Edition | None:
    """Of the editions of a sector the one by which what was found on that day is judged: the one that is named, else that of the unit's
    trait, else the sector's own."""
    held = [each for each in editions if each.holds(on) and not each.beside]
    by_trait = [each for each in held if each.body.get("trait") in traits]
    own = [each for each in held if not each.body.get("trait") and not each.body.get("only_named")]
    return next((each for each in [*(each for each in held if each.code == named), *by_trait, *own]), None)


def belongs(item_of: Edition, judged_by: Edition | None) -> bool:
    """Whether an item of one edition may be named of what is judged by another: of the same, or of one that stands beside it."""
    return judged_by is not None and (item_of.code == judged_by.code or item_of.beside == judged_by.series)


# --- which a text names -----------------------------------------------------------------------------------------------
def named_by_number(editions: Iterable[Edition], text: str) -> list[Edition]:
    """Those whose number, long or short, stands in the text: 4号令 is not 14号令."""
    said = folded(text)
    found = [
        each for each in editions if any(_stands(name, said) for name in (each.number, *each.body.get("called", ())))
    ]
    whole = [each for each in found if _stands(each.number, said)]
    return whole or found


def named(editions: Sequence[Edition], text: str, on: date) -> Edition | None:
    """The one edition that a text names, of what was found on that day; None when it names none, or may mean several."""
    by_number = named_by_number(editions, text)
    titled = [each for each in by_number or editions if _is_titled(each, text)]
    general = [each for each in by_number if not each.body.get("trait")]
    found = by_number if len(by_number) == 1 else [each for each in titled if each.first <= on] or general
    if len(found) != 1:
        return None
    [only] = found
    return judging([each for each in editions if each.series == only.beside], on) if only.beside else only


def _stands(name: str, said: str) -> bool:
    return _pattern(name).search(said) is not None


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d){re.escape(folded(name))}(?!\d)")


def _is_titled(edition: Edition, text: str) -> bool:
    return folded(IN_BRACKETS.sub("", edition.title)) in folded(text)


# --- how it is cited --------------------------------------------------------------------------------------------------
LEVELS = {"article": ("第{}条", "第（{}）项", "第{}目", "（{}）"), "part": ("第{}部分", "第（{}）项", "第{}目")}
PARTS = {"1": "一", "2": "二", "3": "三"}  # of the texts that number their parts so


def article_words(article: str, cited: str) -> str:
    """5(3) → 第5条第（3）项; 6(2)3(1) → 第6条第（2）项第3目（1）; 1(1).2 → 第一部分第（1）项第2目; 4.1(a) → 第4.1(a)条; 7 → 第7项."""
    if cited not in LEVELS:
        return f"第{article}{'项' if cited == 'item' else '条'}"
    numbers = re.findall(r"\d+", article)
    first = PARTS.get(numbers[0], numbers[0]) if cited == "part" else numbers[0]
    return "".join(word.format(number) for word, number in zip(LEVELS[cited], [first, *numbers[1:]], strict=False))


def of_article(article: str, wanted: str) -> bool:
    """5(3) and 5 are asked for by 5; 5(3) alone by 5(3); 5(4).1 by 5(4)1 too."""
    if not article.startswith(wanted):
        article = article.replace(").", ")")
    return article == wanted or (article.startswith(wanted) and not article[len(wanted)].isalnum())


# --- which article a text names ---------------------------------------------------------------------------------------
DIGITS = "零一二三四五六七八九"
ONES = "[一二三四五六七八九]"
NUMERAL = re.compile(rf"(?<=[第(])(?:{ONES}?十{ONES}?|{ONES})(?=条|款|项|目|部分|\))")
NAMED = re.compile(
    r"第(?P<first>\d+(?:\.\d+)*(?:\([a-z]\))?)(?:条|项|部分)(?:第\d+款)?"
    r"(?:第?\((?P<bracketed>\d+)\)项?|第(?P<item>\d+)项)?(?:第(?P<point>\d+)目)?"
    r"|(?<![\d.])(?P<short>\d+\(\d+\)(?:\.?\d+)?)"
)


def article_said(text: str) -> tuple[str, str, str]:
    """The first article that a text names, and what stands before and behind it: 判定标准第五条第（三）项 → 5(3); "" for none."""
    plain = NUMERAL.sub(lambda found: str(_number(found[0])), "".join(unicodedata.normalize("NFKC", text).split()))
    found = NAMED.search(plain)
    return (_article(found), plain[: found.start()], plain[found.end() :]) if found else ("", plain, "")


def article_alone(text: str) -> str:
    """Of a text that is nothing else: 第五条, 5（3）; "" of any other."""
    article, before, behind = article_said(text)
    return "" if before or behind else article


def article_of(edition: Edition, text: str) -> str:
    """That a clause names of this edition: one behind the title of another law is none of it."""
    article, before, _ = article_said(text)
    is_ours = not folded(before) or "判定标准" in before or named_by_number([edition], before)
    return article if is_ours else ""


def _article(found: re.Match[str]) -> str:
    item = found["bracketed"] or found["item"]
    return found["short"] or f"{found['first']}{f'({item})' if item else ''}{found['point'] or ''}"


def _number(numeral: str) -> int:
    """Up to 九十九."""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.index(tens or "一") if ten else 0) * 10 + (DIGITS.index(ones) if ones else 0)
