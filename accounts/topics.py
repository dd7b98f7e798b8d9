"""What accounts say."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("password.code_asked", "somebody asks for a code to the telephone of record: to be handed over", ("code",)),
    Topic(
        "sign_in.locked",
        "wrong passwords locked a name, which nobody may have, or a known device of it",
        ("username", "at", "failures", "addresses", "device"),
    ),
    Topic("sign_in.lock_noted", "the lock of somebody's sign-in is on record: they are to be told", ("lock",)),
)
