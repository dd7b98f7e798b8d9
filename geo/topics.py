"""What places say to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("regions.loaded", "places ended or were decided on: codes whose records belong elsewhere now", ("codes",)),
)
