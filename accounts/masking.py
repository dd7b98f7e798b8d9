"""People's identifiers (DOMAIN §10.4): which numbers are telephones, what of names and numbers lists, exports and logs may show.

Masks fail closed: what has not the expected shape is shown as stars only.
"""

import re
from ipaddress import ip_address

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ！…～ → !…~
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")  # 兴县 0358
CITIZEN_ID = re.compile(r"[0-9]{17}[0-9X]")


def plain(text: str) -> str:
    """Full-width letters, digits and signs to ASCII, every space dropped; what else there is stays, to be refused."""
    return "".join(text.translate(FULL_WIDTH).split())


def is_mobile(text: str) -> bool:
    return MOBILE.fullmatch(plain(text)) is not None


def is_landline(text: str) -> bool:
    return LANDLINE.fullmatch(plain(text)) is not None


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


def mask_email(address: str | None) -> str:
    """zhangsan@example.gov.cn → z***@example.gov.cn."""
    name, at, host = (address or "").partition("@")
    return f"{name[:1]}***@{host}" if name and at and host else "*" * len(address or "")


def masked_address(address: str) -> str:
    """10.3.7.8 → 10.3.*.*; of IPv6 the first two groups: enough to know one's own office."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "*"
    if parsed.version == 6:
        return ":".join(parsed.exploded.split(":")[:2]) + ":*"
    return ".".join(str(parsed).split(".")[:2]) + ".*.*"


def mask_id(number: str | None) -> str:
    """141123198001010015 → 141123********0015."""
    number = plain(number or "").upper()
    return f"{number[:6]}********{number[-4:]}" if CITIZEN_ID.fullmatch(number) else "*" * len(number)
