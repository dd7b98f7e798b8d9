"""What ledgers say to themselves."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("ledgers.import_received", "a list from Excel waits to be brought in", ("import",)),
)
