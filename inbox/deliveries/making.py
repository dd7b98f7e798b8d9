"""From messages to deliveries: one for each recipient and way that the table names and the operator has opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from inbox.deliveries import outlets
from inbox.deliveries.addressees import Addressees, holds
from inbox.deliveries.outlets import ROBOT
from inbox.deliveries.rules import goes_at
from inbox.deliveries.table import Table, table
from inbox.models import Delivery, Message, Outlet, Robot
from reference.terms import Outward
from safety_api.inserts import insert_new
from safety_api.roles import Role


def make(numbers: Iterable[int]) -> int:
    """Of messages still open; repeating it changes nothing. How many are new."""
    if not outlets.names():
        return 0
    now = timezone.localtime()
    rules = table(now.date())
    # a message that the outbox brings so late is read in the inbox, or not at all
    rows = Message.objects.open().filter(pk__in=list(numbers), made_at__gt=now - rules.ends_after)
    messages = [each for each in rows.prefetch_related("addresses").order_by("pk") if rules.of(each.kind).ways]
    made = [*_to_people(messages, rules), *_to_robots(messages, rules)]
    insert_new([Outlet(name=name) for name in sorted({each.outlet for each in made})])
    return len(insert_new(made))


def _to_people(messages: list[Any], rules: Table) -> Iterator[Delivery]:
    ways = outlets.open_to_people()
    wanted = [each for each in messages if rules.of(each.kind).ways & set(ways)]
    people = Addressees(address for each in wanted for address in each.addresses.all()) if wanted else None
    for message in wanted:
        for person in people.of(message).values() if people else ():
            for way in ways:
                if way in rules.of(message.kind).ways and not person.is_demo and outlets.address_on(way, person):
                    yield _delivery(message, rules, str(way), person=person)


def _to_robots(messages: list[Any], rules: Table) -> Iterator[Delivery]:
    robots = [each for each in Robot.objects.filter(is_active=True) if each.name in settings.ROBOTS]
    for message in messages:
        for robot in robots if Outward.ROBOT in rules.of(message.kind).ways else ():
            if (not robot.kinds or message.kind in robot.kinds) and hears(robot, message):
                yield _delivery(message, rules, ROBOT + robot.name, robot=robot)


def hears(robot: Robot, message: Any) -> bool:
    """Whether it is said to a post of this office. What is for one person alone, or for a unit, no group hears."""
    posts = [_Holder(role, robot) for role in robot.roles]
    return any(holds(post, message, each) for each in message.addresses.all() if each.role for post in posts)


class _Holder:
    """The group, as if it were somebody at that post; a head of the office is among them."""

    is_leader = True

    def __init__(self, role: str, robot: Robot) -> None:
        self.role, self.region, self.sectors, self.department_id = (
            Role(role),
            robot.region,
            robot.sectors,
            robot.department_id,
        )


def _delivery(message: Any, rules: Table, outlet: str, **recipient: Any) -> Delivery:
    urgent, way = rules.of(message.kind).urgent, outlets.way_of(outlet)
    due = goes_at(timezone.localtime(message.made_at), urgent=urgent, way=way, gather=rules.gather, quiet=rules.quiet)
    channel = outlets.channel_of(outlet)
    return Delivery(message=message, channel=channel, outlet=outlet, urgent=urgent, due_at=due, **recipient)
