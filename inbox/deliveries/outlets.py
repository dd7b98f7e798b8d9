"""The ways out that the operator has opened (settings), and what a way out may say when it is asked to take something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings

from accounts.masking import is_mobile, mask_email, mask_mobile, plain
from inbox.deliveries import mail, robots, sms
from reference.terms import Outward

ROBOT = "robot:"
# seconds to the next message of this outlet; WeCom and DingTalk take 20 a minute, and DingTalk nothing for ten minutes after one too many
PACE = {Outward.ROBOT: timedelta(seconds=4)}


class Parcel(NamedTuple):
    """What goes to one recipient at once. `address`: telephone or mailbox, nothing for a robot; `once`: the same when it is tried again."""

    outlet: str
    address: str
    title: str
    text: str
    once: str


def open_to_people() -> list[Outward]:
    """SMS, mail: what is set up."""
    return [
        way
        for way, is_open in ((Outward.SMS, bool(settings.SMS_GATEWAY)), (Outward.EMAIL, bool(settings.EMAIL_HOST)))
        if is_open
    ]


def is_open(outlet: str) -> bool:
    return outlet.removeprefix(ROBOT) in settings.ROBOTS if outlet.startswith(ROBOT) else outlet in open_to_people()


def names() -> list[str]:
    return [*map(str, open_to_people()), *(ROBOT + name for name in settings.ROBOTS)]


def way_of(outlet: str) -> Outward:
    return Outward.ROBOT if outlet.startswith(ROBOT) else Outward(outlet)


def channel_of(outlet: str) -> str:
    """The word of `Channel`."""
    return settings.ROBOTS[outlet.removeprefix(ROBOT)]["kind"] if outlet.startswith(ROBOT) else outlet


def address_on(way: Outward, person: object) -> str:
    """The person's telephone or mailbox, if it can be written to."""
    phone = plain(person.phone)  # type: ignore[attr-defined]
    return (phone if is_mobile(phone) else "") if way == Outward.SMS else person.email  # type: ignore[attr-defined]


MASK: dict[Outward, Callable[[str], str]] = {Outward.SMS: mask_mobile, Outward.EMAIL: mask_email}


def carry(parcel: Parcel) -> None:
    """Hands it over. Raises Refused, Later, Away; asks no database, so that many may be under way at once."""
    match way_of(parcel.outlet):
        case Outward.SMS:
            sms.gateway().send(parcel.address, parcel.text, parcel.once)
        case Outward.EMAIL:
            mail.send(parcel.address, parcel.title, parcel.text, parcel.once)
        case Outward.ROBOT:
            robots.send(settings.ROBOTS[parcel.outlet.removeprefix(ROBOT)], parcel.text)
