"""统一社会信用代码: 18 characters, two of them checks, the kind of unit in the first two (GB 32100; DOMAIN §10.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.masking import plain

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters, value = index; I O S V Z are not in it
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^(i-1) mod 31
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997, on characters 9–16 with A=10 … Z=35
ORGANISATION_CHECKS = "0123456789X"

KINDS = {  # registering department and category: the first two characters
    "11": "state_organ",  # 机关
    "12": "public_institution",  # 事业单位
    "51": "social_organisation",  # 社会团体
    "52": "social_organisation",  # 民办非企业单位
    "54": "village_body",  # 基层群众性自治组织
    "91": "enterprise",  # 企业
    "92": "individual_business",  # 个体工商户
    "93": "cooperative",  # 农民专业合作社
}
WARNINGS = {"organisation_check": "第17位与组织机构代码校验规则不符，请核对营业执照"}


class BadCreditCode(ValueError):
    """`reason` is one of `length`, `alphabet`, `division`, `check`; the message is a Chinese sentence."""

    WORDS = {
        "length": "统一社会信用代码应为18位",
        "alphabet": "统一社会信用代码只能含数字和大写字母，且不用I、O、S、V、Z",
        "division": "统一社会信用代码第3至8位应为数字的行政区划码",
        "check": "统一社会信用代码校验位不符，请核对是否有误写",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(self.WORDS[reason])
        self.reason = reason


@dataclass(frozen=True)
class CreditCode:
    code: str  # as stored: 18 characters, upper case
    warnings: tuple[str, ...] = ()  # keys of WARNINGS: told, never a refusal

    @property
    def kind(self) -> str | None:
        """The kind of unit by its first two characters; None where we know no such pair."""
        return KINDS.get(self.code[:2])

    @property
    def division(self) -> str:
        return self.code[2:8]


def normalise_credit_code(text: str) -> str:
    """Full-width to ASCII, lower to upper case, spaces dropped. Letters outside ASCII stay, to be refused."""
    return "".join(char.upper() if char.isascii() else char for char in plain(text))


def check_credit_code(text: str) -> CreditCode:
    """Raises BadCreditCode with the first reason in the order length, alphabet, division, check."""
    code = normalise_credit_code(text)
    for reason, holds in CHECKLIST:
        if not holds(code):
            raise BadCreditCode(reason)
    odd = code[16] != organisation_check(code[8:16])  # older codes break the rule: a warning only
    return CreditCode(code, ("organisation_check",) if odd else ())


def credit_check(first17: str) -> str:
    """Character 18: (31 − Σ mod 31) mod 31; the standard's 31 − MOD gives 31 where 0 is meant."""
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(WEIGHTS, first17, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """Character 17, from characters 9–16: 11 − Σ mod 11, where 10 is X and 11 is 0."""
    total = sum(weight * int(char, 36) for weight, char in zip(ORGANISATION_WEIGHTS, first8, strict=True))
    return ORGANISATION_CHECKS[-total % 11]


def credit_code_of(kind: str, division: str, subject: str) -> str:
    """The full code of two characters of kind, six of division and eight of subject: for samples and tests."""
    first17 = kind + division + subject + organisation_check(subject)
    return first17 + credit_check(first17)


CHECKLIST: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("length", lambda code: len(code) == 18),
    ("alphabet", lambda code: set(code) <= set(ALPHABET)),
    ("division", lambda code: code[2:8].isdigit()),
    ("check", lambda code: credit_check(code[:17]) == code[17]),
)
