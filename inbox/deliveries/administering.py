"""Which group hears what: robots are entered under the name that the operator gave them in the settings, and tried out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from inbox.deliveries import outlets
from inbox.deliveries.answers import NotTaken
from inbox.deliveries.outlets import ROBOT, Parcel
from inbox.models import Robot
from safety_api.actors import Actor
from safety_api.problems import CHANNEL_REFUSED, ROBOT_TAKEN, UNKNOWN_ROBOT
from safety_api.trail import record
from safety_api.writing import Fresh, add, keep, locked


@transaction.atomic
def enter(*, by: Actor, **fields: Any) -> Robot:
    """Raises UNKNOWN_ROBOT for a name that the settings do not have, ROBOT_TAKEN."""
    if fields["name"] not in settings.ROBOTS:
        raise UNKNOWN_ROBOT.at("/name")
    if Robot.objects.filter(name=fields["name"]).exists():
        raise ROBOT_TAKEN.at("/name")
    return add(Robot(**fields), "robot.enter", by=by, name=fields["name"])


@transaction.atomic
def edit(key: int, *, by: Actor, fresh: Fresh = None, **fields: Any) -> Robot:
    """Raises NOT_FOUND, STALE."""
    robot = locked(Robot.objects.all(), key, fresh)
    changed = sorted(name for name, value in fields.items() if getattr(robot, name) != value)
    for name in changed:
        setattr(robot, name, fields[name])
    return keep(robot, "robot.edit", changed, by=by, what=changed) if changed else robot


def try_out(robot: Robot, *, by: Actor) -> None:
    """A message of its own, at once. Raises UNKNOWN_ROBOT, CHANNEL_REFUSED with the reason."""
    if robot.name not in settings.ROBOTS:
        raise UNKNOWN_ROBOT()
    record(by, "robot.try", robot, name=robot.name)
    text = f"【{settings.MESSAGE_SIGNATURE}】试发：{robot.label}可以收到消息。"
    try:
        outlets.carry(Parcel(ROBOT + robot.name, "", "", text, f"trial-{robot.pk}"))
    except NotTaken as answer:
        raise CHANNEL_REFUSED.at("", said=answer.reason) from None
