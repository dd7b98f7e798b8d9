"""What an operator should see: outlets that take nothing, and what was not delivered because of it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from inbox.deliveries import outlets
from inbox.deliveries.sms import CODES_AWAY
from inbox.models import Delivery, DeliveryState, Outlet, Robot
from safety_api.watching import figures, watches

FAILING_FOR = timedelta(minutes=2)  # once is no trouble
SHOWN = timedelta(days=1)
LONGEST = SHOWN + timedelta(days=14)  # that anything is tried


@watches
def outlets_failing(today: date) -> list[str]:
    rows = Outlet.objects.filter(failing_since__lt=timezone.now() - FAILING_FOR, name__in=outlets.names()).order_by(
        "name"
    )
    said = [
        f"{called(each.name)} 自 {timezone.localtime(each.failing_since):%m月%d日 %H:%M} 起发不出去：{each.reason}"
        for each in rows
    ]
    codes = ["短信网关发不出验证码"] if settings.SMS_GATEWAY and cache.get(CODES_AWAY) else []
    return said + codes + [f"群机器人“{label}”没有配置地址（ROBOTS）" for label in _without_address()]


@watches
def deliveries_given_up(today: date) -> list[str]:
    now = timezone.now()
    count = Delivery.objects.filter(
        made_at__gt=now - LONGEST, state=DeliveryState.GIVEN_UP, ended_at__gt=now - SHOWN
    ).count()
    return [f"一天之内有 {count} 条外发消息过期未能发出，收件箱里都有（/api/v1/deliveries）"] if count else []


@figures("safety_deliveries", "Deliveries of the last day by outlet and state", ("outlet", "state"))
def of_deliveries() -> dict[tuple[str, ...], float]:
    rows = Delivery.objects.filter(Q(state=DeliveryState.WAITING) | Q(made_at__gt=timezone.now() - SHOWN))
    counted = rows.order_by().values_list("outlet", "state").annotate(count=Count("pk"))
    return {(outlet, state): count for outlet, state, count in counted}


def called(outlet: str) -> str:
    """By a name that the office knows; whoever reads `/readyz` has not signed in and is told no address."""
    names = {"sms": "短信网关", "email": "发信服务器"}
    return names.get(outlet) or f"群机器人 {outlet.removeprefix(outlets.ROBOT)}"


def _without_address() -> list[str]:
    return list(Robot.objects.filter(is_active=True).exclude(name__in=settings.ROBOTS).values_list("label", flat=True))
