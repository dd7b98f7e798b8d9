"""What dual prevention says to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("risk.changed", "risk points, assessments or self-checks of a unit changed", ("enterprise",)),
)
