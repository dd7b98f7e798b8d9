"""What the registry of units says to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("enterprise.created", "a unit was entered", ("enterprise",)),
    Topic("enterprise.changed", "particulars of a unit changed, or its status", ("enterprise", "what")),
    Topic("enterprise.fact_stated", "a fact about a unit was stated or withdrawn", ("enterprise", "kind")),
)
