"""The figures of a run, while it goes on and at its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from chaos.books import Book
from chaos.comparing import CHANGED, DOUBLE, LOST
from chaos.office import Office
from chaos.page import PagePhone
from chaos.phones import Phone
from chaos.tally import Tally
from chaos.weather import Fate

VERDICT = (LOST, DOUBLE, CHANGED)


def progress(tally: Tally, phones: list[Phone], page: PagePhone | None, seconds: float) -> str:
    books = [phone.book for phone in phones]
    made, wanted = sum(book.visits for book in books), sum(phone.wanted for phone in phones)
    done = sum(record.done for book in books for record in list(book.records))
    held = sum(photo.held for book in books for _, photo in book.photos)
    shown = f", page {page.made} of {page.wanted}" if page else ""
    cuts = sum(number for fate, number in tally.fates.items() if fate != Fate.CLEAR)
    return (
        f"  {seconds:5.0f} s  visits made {made} of {wanted}, records received {done}, photos {held}{shown}; attempts {sum(tally.attempts.values())},"
        f" cut or doubled {cuts}, killed {sum(tally.kills.values())}"
    )


def figures(tally: Tally, phones: list[Phone], page: PagePhone | None, office: Office, wrong: list[str], seconds: float) -> str:
    books = [phone.book for phone in phones] + ([page.book] if page else [])
    photos = [photo for book in books for _, photo in book.photos]
    kinds = Counter(sentence.partition(":")[0] for sentence in wrong)
    needed, sent = _needed(books), sum(tally.bytes_carried[book.phone] for book in books)
    rows = (
        ("phones", f"{len(phones)}{' and the page' if page else ''}, {seconds:.0f} s"),
        ("records", _counted("rescued" if record.spoilt else record.kind for book in books for record in book.records)),
        ("steps, tasks, moves", f"{sum(len(book.steps) for book in books)}, {len(office.tasks)}, {len(office.moves)}"),
        ("home by the key", f"{sum(len(each.rescued) > 0 and not each.spoilt for book in books for each in book.records)} of a locked officer"),
        ("photos", f"{len(photos)}, {sum(bool(photo.piece) for photo in photos)} in pieces"),
        ("attempts", _counted(Counter(tally.attempts))),
        ("on the way", _counted(Counter({str(fate): number for fate, number in tally.fates.items()}))),
        ("answers of the web", _counted(Counter({str(status or "none"): number for status, number in tally.answers.items()}))),
        ("kills", _counted(tally.kills)),
        ("longest unavailable", f"{tally.longest_away:.1f} s"),
        ("bytes sent ÷ needed", f"{sent / 2**20:.1f} MB ÷ {needed / 2**20:.1f} MB = {sent / needed:.2f}" if needed else "0"),
        ("verdict", ", ".join(f"{kind} {kinds[kind]}" for kind in VERDICT) + f", else {len(wrong) - sum(kinds[kind] for kind in VERDICT)}"),
    )
    return "\n" + "\n".join(f"  {name:22}{value}" for name, value in rows)


def _needed(books: Iterable[Book]) -> int:
    """Each body and each photo once."""
    found = list(books)
    said: list[dict] = [each.body for book in found for each in book.records] + [each.body for book in found for each in book.steps]
    return sum(len(json.dumps(body)) for body in said) + sum(photo.size for book in found for _, photo in book.photos)


def _counted(what: Iterable[str] | Counter[str]) -> str:
    counts = what if isinstance(what, Counter) else Counter(what)
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items(), key=lambda each: -each[1]))
