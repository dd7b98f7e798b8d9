"""What photos and papers say to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("photo.stored", "the bytes of a photo came", ("photo",)),
    Topic("paper.issued", "a paper has its number: its unit and its officers are told", ("paper",)),
    Topic("paper.refused", "a unit would not sign: told upward (安全生产法 第六十八条)", ("paper",)),
)
