"""口令 What a password must be (GB/T 22239-2019, docs/security.md)."""

import re
import secrets

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what is misread on paper


class LongEnough(MinimumLengthValidator):
    """Django's own, in words that are there in both languages."""

    def get_error_message(self) -> str:
        return self.get_help_text()

    def get_help_text(self) -> str:
        return f"口令至少 {self.min_length} 个字符。"


class ThreeOfFourClasses:
    def validate(self, password: str, user=None) -> None:
        if sum(bool(re.search(each, password)) for each in CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="weak_password")

    def get_help_text(self) -> str:
        return "口令须含小写字母、大写字母、数字、符号中的三种。"


def first_password() -> str:
    """A password to hand over once: 14 readable signs of three classes."""
    while True:
        password = "".join(secrets.choice(ALPHABET) for _ in range(14))
        if sum(bool(re.search(each, password)) for each in CLASSES) >= 3:
            return password
