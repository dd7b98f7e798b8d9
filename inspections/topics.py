"""What visits say to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("inspection.received", "a visit came in", ("inspection", "enterprise")),
    Topic("inspection.recount", "law changed: the visits of all units are counted anew, a part a message", ("after",)),
)
