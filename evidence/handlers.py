from uuid import UUID

from evidence import actions
from safety_api.outbox import handles


@handles("photo.stored")
def on_photo_stored(payload: dict) -> None:
    actions.process(UUID(payload["photo"]))
