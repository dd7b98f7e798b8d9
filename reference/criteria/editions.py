"""The editions and items that were loaded, and the clauses entered here, from memory: no question costs a statement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reference import law
from reference.criteria import rules
from reference.criteria.rules import Edition
from reference.models import Document, EnteredClause
from reference.terms import Clauses, ReadOf
from safety_api import words
from safety_api.problems import UNKNOWN_EDITION

BRACKETS = re.compile(r"（[^）]*）")
SHORT = ("when", "exception", "measure", "mine", "list", "reading")


@dataclass(frozen=True)
class Shelf:
    """All of them, as of one load."""

    editions: dict[str, Edition]
    of_sector: dict[str, list[Edition]]
    items: dict[str, dict[str, Any]]  # by code, as an answer shows them
    of_edition: dict[str, list[dict[str, Any]]]
    entered: frozenset[str]  # editions with clauses that were entered here
    taken_over: dict[tuple[str, date], Edition | None] = field(default_factory=dict)  # asked so far


def shelf() -> Shelf:
    return law.understood(_shelf)


def _shelf() -> Shelf:
    editions = [_edition(versions) for versions in _by_code(law.books().documents.get("criteria", [])).values()]
    of_sector: dict[str, list[Edition]] = defaultdict(list)
    for each in sorted(editions, key=lambda each: (each.first, each.code)):
        for sector in each.body["sectors"]:
            of_sector[sector].append(each)
    entered = law.books().entered
    of_edition = {each.code: [*_shipped(each), *_entered(each, entered)] for each in editions}
    items = {item["code"]: item for rows in of_edition.values() for item in rows}
    by_code = {each.code: each for each in editions}
    return Shelf(by_code, dict(of_sector), items, of_edition, frozenset(each.edition for each in entered))


def _by_code(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """A text whose single value changed later is one edition: the version's name before the day."""
    found: dict[str, list[Document]] = defaultdict(list)
    for each in sorted(documents, key=lambda each: each.effective_from):
        found[code_of(each)].append(each)
    return found


def code_of(document: Any) -> str:
    return f"{document.code}.{document.version.partition('@')[0]}"


def _edition(versions: Sequence[Document]) -> Edition:
    first, last = versions[0], versions[-1]
    return Edition(
        code_of(last), last.code, last.title, last.body["number"], first.effective_from, last.effective_to, last.body
    )


def _shipped(edition: Edition) -> list[dict[str, Any]]:
    return [_item(edition, each) for each in edition.body["items"]]


def _entered(edition: Edition, clauses: Iterable[EnteredClause]) -> list[dict[str, Any]]:
    return [
        {**_item(edition, each.as_item()), "topic": False, "entered": each.as_source()}
        for each in clauses
        if each.edition == edition.code
    ]


def _item(edition: Edition, said: dict[str, Any]) -> dict[str, Any]:
    article, part = said["article"], said.get("part", "")
    return {
        "code": item_code(edition.code, article, part),
        "edition": edition.code,
        "article": article,
        "part": part,
        "cited": rules.article_words(article, edition.body["cited"]),
        "aspect": _aspect(edition, said["aspect"]),
        "label": said["label"],
        "topic": edition.body.get("content") == "topics",
        **{name: said[name] for name in SHORT if said.get(name)},
    }


def item_code(edition: str, article: str, part: str = "") -> str:
    return f"{edition}:{article}{part}"


def _aspect(edition: Edition, number: int) -> str:
    return next((each["label"] for each in edition.body["aspects"] if each["no"] == number), "")


# --- asking -----------------------------------------------------------------------------------------------------------
def edition(code: str) -> Edition:
    """Raises UNKNOWN_EDITION."""
    try:
        return shelf().editions[code]
    except KeyError:
        raise UNKNOWN_EDITION() from None


def known(code: str) -> Edition | None:
    return shelf().editions.get(code)


def item(code: str) -> dict[str, Any] | None:
    return shelf().items.get(code)


def items_of(code: str) -> list[dict[str, Any]]:
    return shelf().of_edition[code]


def of_sector(sector: str) -> list[Edition]:
    return shelf().of_sector.get(sector, [])


def of_field(name: str) -> list[Edition]:
    """By the sector of the county's list, or by a field that is a part of one: 城镇燃气, 烟花爆竹, 民爆, 电力."""
    named = [each for each in every() if each.body["field"] == name]
    return of_sector(name) or sorted(named, key=lambda each: each.first)


def known_field(name: str) -> bool:
    return name in law.books().sectors or any(each.body["field"] == name for each in every())


def every() -> list[Edition]:
    return list(shelf().editions.values())


def judging(sector: str, on: date, *, traits: Collection[str] = (), named: str = "") -> Edition | None:
    return rules.judging(of_sector(sector), on, traits=traits, named=named)


def has_article(edition: Edition, text: str) -> bool:
    """Whether a clause names an article of the edition, in the numerals of the text or in ours."""
    article = rules.article_of(edition, text)
    return bool(article and _of_articles(edition.code, [article]))


def current(code: str, on: date) -> Edition | None:
    """What holds on a day in the place of an edition: of its series, or of the one that succeeded it."""
    mine = known(code)
    if mine is None or mine.holds(on):
        return mine
    heirs = {mine.series, mine.body.get("succeeded_by")}
    return next((each for each in shelf().editions.values() if each.series in heirs and each.holds(on)), None)


def taken_over(code: str, on: date) -> Edition | None:
    """What holds on a day in the place of an edition that does not; None where it holds itself. A list asks it of every row."""
    known_now = shelf().taken_over
    if (code, on) not in known_now:
        mine = known(code)
        known_now[code, on] = None if mine is None or mine.holds(on) else current(code, on)
    return known_now[code, on]


def successions() -> list[tuple[Edition, list[str]]]:
    """Each edition that took the place of others, with their codes."""
    every = shelf().editions.values()
    found = [(new, [old.code for old in every if _went_before(old, new)]) for new in every]
    return [(new, codes) for new, codes in found if codes]


def _went_before(old: Edition, new: Edition) -> bool:
    return new.series in (old.series, old.body.get("succeeded_by")) and old.last is not None and old.last < new.first


def clauses_of(edition: Edition) -> Clauses:
    read = edition.body["read"]
    if read == ReadOf.TITLE:
        return Clauses.ENTERED if edition.code in shelf().entered else Clauses.NOT_ENTERED
    return {ReadOf.WHOLE: Clauses.WHOLE, ReadOf.PART: Clauses.PART, ReadOf.METADATA: Clauses.TOPICS}[read]


def cited(code: str) -> str:
    """《title》（number）第5条第（3）项; "" for what is no item."""
    found = item(code)
    return f"{edition(found['edition']).cited}{found['cited']}" if found else ""


def of_checklist(code: str, on: date) -> dict[str, list[str]]:
    """Item of a checklist → the criteria that it looks for, by the edition of the day."""
    mapped = law.all_in_force(on, "checklist_criteria", code)
    return {
        row["code"]: _of_articles(each.body["edition"], row["articles"]) for each in mapped for row in each.body["rows"]
    }


def _of_articles(code: str, articles: Sequence[str]) -> list[str]:
    rows = items_of(code) if known(code) else []
    return [each["code"] for each in rows if any(rules.of_article(each["article"], one) for one in articles)]


# --- looking up -------------------------------------------------------------------------------------------------------
def found_by(items: Iterable[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Items that hold each of the words, however they are written; by letters: pinyin, whole or initials; by an article named as the
    texts name it. Where none holds a long word, those that hold it by pairs of signs: 瓦斯超限作业 is 瓦斯, 超限, 作业."""
    articles, wanted = _asked(text)
    held = [each for each in items if all(rules.of_article(each["article"], one) for one in articles)]
    if not wanted:
        return held if articles else []
    return _holding(held, wanted) or _holding(held, _paired(wanted))


def _asked(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Articles and words."""
    named = [(each, rules.article_alone(each)) for each in words.clauses(text)]
    return [article for _, article in named if article], words.asked(
        " ".join(each for each, article in named if not article)
    )


def _holding(items: Iterable[dict[str, Any]], wanted: Sequence[str]) -> list[dict[str, Any]]:
    texts = law.understood(_spelled if any(each.isascii() for each in wanted) else _joined)
    return [each for each in items if wanted and words.holds(texts[each["code"]], wanted)]


def _paired(wanted: Sequence[str]) -> list[str]:
    """Nothing where no word is long enough to be parted."""
    pairs = [pair for each in wanted for pair in (_pairs(each) if len(each) > 3 and not each.isascii() else [each])]
    return pairs if len(pairs) > len(wanted) else []


def _pairs(word: str) -> list[str]:
    return [word[place : place + 2] for place in range(0, len(word), 2)]


def changes_naming(edition: Edition, text: str) -> list[dict[str, Any]]:
    """What changed in the words asked for: also what is gone, however it is written."""
    _, wanted = _asked(text)
    spelled = law.understood(_changes_spelled)
    return [each for each in edition.body.get("changed", ()) if wanted and words.holds(spelled[each["text"]], wanted)]


def _changes_spelled() -> dict[str, str]:
    return {each["text"]: words.spelled(each["text"]) for one in every() for each in one.body.get("changed", ())}


def _fields(item: dict[str, Any]) -> list[str]:
    texts = [item["cited"], item["article"], item["aspect"], item["label"], *_applies(item)]
    return [*texts, *(item.get(name, "") for name in ("when", "exception")), *item.get("list", ())]


def _applies(item: dict[str, Any]) -> list[str]:
    """To which mines, with and without what stands in brackets: 煤与瓦斯突出矿井."""
    aspects = edition(item["edition"]).body["aspects"]
    said = next((each.get("applies", "") for each in aspects if each["label"] == item["aspect"]), "")
    return [said, BRACKETS.sub("", said)]


def _joined() -> dict[str, str]:
    return {code: words.joined(*_fields(each)) for code, each in shelf().items.items()}


def _spelled() -> dict[str, str]:
    return {code: words.spelled(*_fields(each)) for code, each in shelf().items.items()}
