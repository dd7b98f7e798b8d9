"""What accidents say to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic(
        "accident.changed",
        "what was told or decided of an accident changed; the units it is or was charged to",
        ("accident", "enterprises"),
    ),
)
