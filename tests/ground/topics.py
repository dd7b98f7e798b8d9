"""Topics that only tests send."""

from safety_api.outbox import Topic, declare

declare(
    Topic("test.topic", "what a test handles in its own way", ("number",)),
    Topic("test.wrote", "a line is written", ("number",)),
    Topic("test.kills", "the worker dies of it", ()),
    Topic("test.half", "half of the work is done", ()),
    Topic("test.nobody", "nobody hears it", ()),
    Topic("test.note", "a note was entered", ("note",)),
)
