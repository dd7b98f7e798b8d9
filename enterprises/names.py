"""How a unit is found by what someone types: folded names, pinyin and its initials. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def folded(text: str) -> str:
    """Full width to ASCII, lower case, only letters and digits: 兴县（蔚汾）煤业 → 兴县蔚汾煤业."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in text if sign.isalnum())


def pinyin_of(name: str) -> str:
    """Initials, a space, whole syllables: 蔚汾煤业 → "wfmy weifenmeiye". Letters and digits of the name stay."""
    syllables = _syllables(folded(name))
    return f"{''.join(each[0] for each in syllables)} {''.join(syllables)}"


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # a dictionary of 40 MB: only whoever writes a name loads it

    found = lazy_pinyin(name, errors=lambda rest: [*rest])  # type: ignore[arg-type,return-value]
    return tuple(each for each in found if each)
