"""What supervision says to itself."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("supervision.run", "a part of the nightly evaluation is still to be done", ("on", "after", "until")),
)
