"""Slowing down: per address, never locking one. Behind proxies it is the address that the last trusted one names (`TRUSTED_PROXIES`)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from safety_api.problems import KEYS_LATER, THROTTLED, ProblemKind

V6_OF_ONE_LINE = 64  # bits; whoever has a line has all addresses behind them


class PerAddress(SimpleRateThrottle):
    """An office shares one address: many may sign in from it, nobody may try thousands of names."""

    scope = "login"

    def get_cache_key(self, request, view) -> str:
        return f"login:{address_of(request)}"


def address_of(request: Any) -> str:
    """Of an IPv6 line its network; what is no address stands as it is, shortened."""
    address = _parsed(_said(request))
    if address is None:
        return _said(request)[:60]
    return str(ip_network((address, V6_OF_ONE_LINE), strict=False)) if address.version == 6 else str(address)


def ip_of(request: Any) -> str | None:
    """The address itself, for the record of failures; None for what is none."""
    address = _parsed(_said(request))
    return str(address) if address else None


def _said(request: Any) -> str:
    return BaseThrottle().get_ident(request) or ""


def _parsed(said: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(said)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


# --- failures, whosever names were tried -------------------------------------------------------------------------------
def _counters(request: Any) -> list[tuple[str, int, int]]:
    """Key, seconds, how many: of strangers' wrong passwords only, so that an office that mistypes now and then meets neither."""
    address = address_of(request)
    limits = ((3600, settings.LOGIN_FAILURES_PER_HOUR), (86_400, settings.LOGIN_FAILURES_PER_DAY))
    return [(f"login-failures:{seconds}:{address}", seconds, most) for seconds, most in limits]


def check_failures(request: Any) -> None:
    """Raises THROTTLED. With Redis gone nothing is counted; the lock of each name holds all the same."""
    for key, seconds, most in _counters(request):
        if (cache.get(key) or 0) >= most:
            wait = cache.ttl(key) or seconds  # type: ignore[attr-defined]  # django-redis
            raise THROTTLED(headers={"Retry-After": str(wait)}, retry_after=wait)


def count_failure(request: Any) -> None:
    for key, seconds, _ in _counters(request):
        _count(key, seconds)


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) or 0
    except ValueError:  # it ended in between
        cache.add(key, 1, seconds)
        return 1


# --- keys of devices: a right one is never stopped by what others do at the same address -------------------------------
WRONG_KEYS, PER_KEY = 60, 900  # an hour and address; a minute and device


def count_wrong_key(request: Any) -> None:
    """Raises KEYS_LATER: 503, for clients that send photos in pieces give up at 429."""
    _check(_count(f"wrong-keys:{address_of(request)}", 3600), WRONG_KEYS, 3600)


def check_key(device: int) -> None:
    """Raises KEYS_LATER."""
    _check(_count(f"device-key:{device}", 60), PER_KEY, 60)


# --- keys of programs ----------------------------------------------------------------------------------------------------
WRONG_ACCESS_KEYS, PER_ACCESS_KEY = 60, 600  # an hour and address; a minute and key


def count_wrong_access_key(request: Any) -> None:
    """Raises THROTTLED."""
    _check(_count(f"wrong-access-keys:{address_of(request)}", 3600), WRONG_ACCESS_KEYS, 3600, THROTTLED)


def check_access_key(key: Any) -> None:
    """Raises THROTTLED."""
    _check(_count(f"access-key:{key}", 60), PER_ACCESS_KEY, 60, THROTTLED)


def _check(counted: int, most: int, seconds: int, kind: ProblemKind = KEYS_LATER) -> None:
    if counted > most:
        raise kind(headers={"Retry-After": str(seconds)}, retry_after=seconds)
