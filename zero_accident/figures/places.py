"""The list of a day, and what became of codes that are on it no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from geo.codes import whole
from safety_api.permissions import within
from zero_accident import rules
from zero_accident.figures.periods import Prefixes


# --- places ----------------------------------------------------------------------------------------------------------
@dataclass
class Places:
    """The list of the day, and what became of codes that are on it no more."""

    prefixes: Prefixes
    townships: dict[str, str]  # code → name
    villages: list[rules.VillageFacts]
    heirs: Mapping[str, list[str]]  # ended code → who took over, in order of code
    gone: Mapping[str, set[str]]  # villages themselves gone → their predecessors within the period

    def now(self, code: str) -> str:
        """What a village, or a township whose village nobody knows, is today: one place only, also after a split."""
        return next((self._last(key) for key in (code, whole(code[:9])) if key in self.heirs), code)

    def township_of(self, code: str) -> str:
        return whole(self.now(code)[:9])

    def _last(self, code: str) -> str:
        seen = {code}
        while (after := self.heirs.get(code, [code])[0]) not in seen:
            seen.add(code := after)
        return code

    def covers(self, code: str) -> bool:
        return self.prefixes is None or code.startswith(self.prefixes)

    @cached_property
    def older(self) -> list[str]:
        """Codes outside these places that have become theirs."""
        return [code for code in self.heirs if not self.covers(code) and self.covers(self._last(code))]

    @cached_property
    def moved(self) -> list[str]:
        """Villages that went to another township than the rest of theirs."""
        return [code for code in self.heirs if self.township_of(code) != self.township_of(whole(code[:9]))]

    @cached_property
    def away(self) -> list[str]:
        """Codes within these places that have become another's."""
        return [code for code in self.heirs if self.covers(code) and not self.covers(self.now(code))]

    @property
    def fine(self) -> bool:
        """Asked for single villages: then a row's own code decides, not its township."""
        return is_fine(self.prefixes)

    def rows(self, column: str) -> Q:
        """Rows whose code lies here, or lay where these places came from; `home` says which of them are ours."""
        if self.prefixes is None or not self.older:
            return within(self.prefixes, column)
        townships = [code[:9] for code in self.older if code.endswith("000")]
        return within((*self.prefixes, *townships), column) | Q(**{f"{column}__in": self.older})

    def home(self, code: str) -> str | None:
        """The township of a row, if it is one of ours."""
        now = self.now(code)
        return whole(now[:9]) if self.covers(now) else None


def is_fine(prefixes: Prefixes) -> bool:
    return prefixes is not None and any(len(prefix) > 9 for prefix in prefixes)
