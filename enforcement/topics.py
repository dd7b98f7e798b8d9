"""What authorities decided, said to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic(
        "listing.changed",
        "a listed supervision was begun, published, applied for, ended: told to unit and departments",
        ("listing", "hazard", "step"),
    ),
    Topic(
        "stop_order.changed",
        "a stop order was issued, published, applied against, lifted: told to the unit",
        ("stop_order", "step"),
    ),
    Topic(
        "case.changed",
        "a case was opened for a hazard, decided, or put right: told to department and unit",
        ("case", "hazard", "step"),
    ),
    Topic(
        "approval_note.received",
        "an approval that supervision has to know came: told to its department",
        ("approval_note",),
    ),
)
