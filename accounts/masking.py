"""People's identifiers (DOMAIN §10.4): what is well formed, and what of it lists, exports and logs may show.

Masks fail closed: what has not the expected shape is shown as stars only.
"""

import re
from collections.abc import Callable
from datetime import date

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！…～ → !…~
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")  # 兴县 0358
CITIZEN_ID = re.compile(r"[0-9]{17}[0-9X]")
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CITIZEN_CHECKS = "10X98765432"


class BadCitizenId(ValueError):
    """`reason` is one of `length`, `digits`, `birth`, `check`."""

    WORDS = {
        "length": "居民身份证号码应为18位",
        "digits": "居民身份证号码只能是数字，末位可为X",
        "birth": "居民身份证号码中的出生日期不存在",
        "check": "居民身份证号码校验位不符",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(self.WORDS[reason])
        self.reason = reason


def plain(text: str) -> str:
    """Full-width letters, digits and signs to ASCII, every space dropped; what else there is stays, to be refused."""
    return "".join(text.translate(FULL_WIDTH).split())


def is_mobile(text: str) -> bool:
    return MOBILE.fullmatch(plain(text)) is not None


def is_landline(text: str) -> bool:
    return LANDLINE.fullmatch(plain(text)) is not None


def check_citizen_id(text: str) -> str:
    """The 18 characters as stored (x becomes X). Raises BadCitizenId."""
    number = plain(text).replace("x", "X")
    for reason, holds in CITIZEN_CHECKLIST:
        if not holds(number):
            raise BadCitizenId(reason)
    return number


def citizen_check(first17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(CITIZEN_WEIGHTS, first17, strict=True))
    return CITIZEN_CHECKS[total % 11]


def _born(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


CITIZEN_CHECKLIST: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("length", lambda number: len(number) == 18),
    ("digits", lambda number: CITIZEN_ID.fullmatch(number) is not None),
    ("birth", _born),
    ("check", lambda number: citizen_check(number[:17]) == number[17]),
)


def mask_name(name: str | None) -> str:
    """张三 → 张*, 张小三 → 张*三, longer names keep the first and the last character."""
    name = (name or "").strip()
    if len(name) < 3:
        return name[:-1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_mobile(number: str | None) -> str:
    """13812345678 → 138****5678; of a landline the last four digits stay: 0358-6321234 → ****-***1234."""
    number = plain(number or "")
    if MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    if LANDLINE.fullmatch(number):
        return re.sub("[0-9]", "*", number[:-4]) + number[-4:]
    return "*" * len(number)


def mask_id(number: str | None) -> str:
    """141123198001010015 → 141123********0015."""
    number = plain(number or "").upper()
    return f"{number[:6]}********{number[-4:]}" if CITIZEN_ID.fullmatch(number) else "*" * len(number)
