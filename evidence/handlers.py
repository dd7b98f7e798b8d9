from uuid import UUID

from evidence import actions
from evidence.papers import telling
from safety_api.outbox import handles


@handles("photo.stored")
def on_photo_stored(payload: dict) -> None:
    actions.process(UUID(payload["photo"]))


@handles("paper.issued")
def on_paper_issued(payload: dict) -> None:
    telling.tell_of(UUID(payload["paper"]))


@handles("paper.refused")
def on_paper_refused(payload: dict) -> None:
    telling.tell_of_refusal(UUID(payload["paper"]))
