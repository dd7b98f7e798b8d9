"""Reading people, in the words of the office."""

from datetime import date, datetime

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.utils import timezone
from knox.models import AuthTokenManager


class UserManager(BaseUserManager.from_queryset(models.QuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str):
        return self.get(username=username.strip().lower())


class DeviceManager(AuthTokenManager):
    def valid(self) -> models.QuerySet:
        return self.filter(expiry__gt=timezone.now())


class KnownDeviceQuerySet(models.QuerySet):
    def of(self, username: str) -> models.QuerySet:
        return self.filter(user__username=username.strip().lower())

    def living(self, *, since: datetime) -> "KnownDeviceQuerySet":
        """Known today; `since`: whoever did not sign in for so long is a stranger again."""
        return self.filter(ended_at=None, used_at__gt=since)

    def open_at(self, moment: datetime) -> models.QuerySet:
        """Those on which a password may be tried."""
        return self.filter(models.Q(locked_until=None) | models.Q(locked_until__lte=moment))


class ApiKeyQuerySet(models.QuerySet):
    def living(self, *, on: date) -> models.QuerySet:
        return self.filter(ends_on__gte=on)


class CertificateQuerySet(models.QuerySet):
    def valid(self, *, on: date) -> models.QuerySet:
        still = models.Q(revoked_on=None) | models.Q(revoked_on__gt=on)
        return self.filter(still, valid_from__lte=on, valid_to__gte=on)


class DeputyQuerySet(models.QuerySet):
    def in_force(self, *, on: date) -> models.QuerySet:
        """Of people who both still work here."""
        rows = self.filter(held_from__lte=on, held_to__gte=on, ended_at=None)
        return rows.filter(leader__is_active=True, deputy__is_active=True)


def held_at(posts: models.QuerySet, moment: datetime) -> models.QuerySet:
    """The post of that moment: half open, so that the day of a transfer belongs to one post only."""
    return posts.filter(models.Q(held_to=None) | models.Q(held_to__gt=moment), held_from__lte=moment)
