from uuid import UUID

from ledgers import importing
from safety_api.outbox import handles


@handles("ledgers.import_received")
def on_ledgers_import_received(payload: dict) -> None:
    importing.carry_out(UUID(payload["import"]))
