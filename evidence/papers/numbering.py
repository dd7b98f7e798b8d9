"""文号 without gaps, and the code under which a document can be verified."""

from __future__ import annotations

import secrets

from django.db import connection

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that passes for a digit
CODE_LENGTH = 16  # 78 bits: nobody finds a document by trying


def next_number(issuer: str, year: int, series: str) -> int:
    """Others of the same series wait here until the transaction ends; a rollback gives the number back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evidence_paper_counter AS counter (issuer, year, series, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (issuer, year, series) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [issuer, year, series],
        )
        return cursor.fetchone()[0]


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def spoken_code(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
