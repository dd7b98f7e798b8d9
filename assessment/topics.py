"""What closings and objections say."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("closing.opened", "a period is open to be closed", ("closing",)),
    Topic("closing.signed", "a closing was signed: told to who freezes it", ("closing",)),
    Topic("closing.frozen", "a closing was frozen: told to the townships", ("closing",)),
    Topic("objection.made", "a township objects: told to the bureau", ("objection", "accident")),
    Topic("objection.answered", "the bureau answered: told to the township", ("objection", "accident")),
)
