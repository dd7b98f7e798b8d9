"""What accounts say."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("password.code_asked", "somebody asks for a code to the telephone of record: to be handed over", ("code",))
)
