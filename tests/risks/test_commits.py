"""What several phones of one unit do at once, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from enterprises.models import Enterprise
from risks.models import RiskPoint, SelfCheck
from tests.cast.people import MINE
from tests.cast.risk_points import body, risk
from tests.cast.units import mine


def at_once(work, times: int = 10) -> list:
    def one(n):
        try:
            return work(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)))


def officer() -> APIClient:
    _, token = sign_in(User.objects.get(username="enterprise"), device_id="many", device_name="")
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")


def test_of_concurrent_self_checks_each_is_stored_once_and_a_point_counts_once(committed):
    risk(mine(), level=3)
    client, sent = officer(), {"level": "team", "checked_at": timezone.localtime().isoformat()}
    answered = at_once(
        lambda n: client.put(f"/api/v1/self-checks/{UUID(int=n % 5 + 1)}", sent, format="json").status_code
    )
    assert answered == [200] * 5 + [201] * 5
    assert sum(SelfCheck.objects.values_list("counted", flat=True)) == 1


def test_after_concurrent_risk_points_the_unit_shows_the_worst_colour(committed):
    mine()
    client = officer()
    forced = {0: "ten_people_exposed"}
    sent = [body(forced_major=forced.get(n, "")) for n in range(6)]
    assert at_once(lambda n: client.post("/api/v1/risk-points", sent[n], format="json").status_code, 6) == [201] * 6
    assert RiskPoint.objects.count() == 6
    assert Enterprise.objects.get(pk=MINE).risk_colour == "red"
