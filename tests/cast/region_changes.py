"""Places that change within a year, each with one list: merged, split, moved to another township."""

from __future__ import annotations

from datetime import date

from geo.actions import load_edition
from geo.models import Region
from tests.cast.accidents import V2, YEAR, W

MOVED = "141123100900"  # what 魏家滩镇's village W is called once it belongs to 蔚汾镇
HALVES = "141123100901", "141123101901"  # of a village that is split between two townships


def relist(on: date, *, gone: tuple[str, ...] = (), new: tuple[str, ...] = (), heirs: list[tuple[str, str]]) -> None:
    """The list of today without `gone` and with `new`; who took over from whom, told by hand."""
    names = {code: name for code, name in Region.objects.today().values_list("code", "name") if code not in gone}
    names |= {code: f"新立{code[9:]}村委会" for code in new}
    load_edition(
        [{"code": code, "name": name} for code, name in names.items()], label=f"变更 {on} {gone}", cut_off=on,
        successors=[{"predecessor": before, "successor": after} for before, after in heirs],
    )  # fmt: skip


def merge(*gone: str, into: str = V2, on: date = date(YEAR, 7, 1)) -> None:
    relist(on, gone=gone, heirs=[(code, into) for code in gone])


def split(village: str, on: date = date(YEAR, 7, 1)) -> None:
    """Between two townships: its units count in the first by code, its accident breaks both."""
    relist(on, gone=(village,), new=HALVES, heirs=[(village, half) for half in HALVES])


def move(village: str = W, on: date = date(YEAR, 7, 1)) -> None:
    """To 蔚汾镇, under a new code."""
    relist(on, gone=(village,), new=(MOVED,), heirs=[(village, MOVED)])
