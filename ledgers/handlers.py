from uuid import UUID

from ledgers import importing
from safety_api.outbox import handles


@handles("ledgers.import_received")
def bring_in(payload: dict) -> None:
    importing.carry_out(UUID(payload["import"]))
