"""Slowing down: per address, never locking one."""

from rest_framework.throttling import SimpleRateThrottle


class PerAddress(SimpleRateThrottle):
    """An office shares one address: many may sign in from it, nobody may try thousands of names."""

    scope = "login"

    def get_cache_key(self, request, view) -> str:
        return f"login:{self.get_ident(request)}"
