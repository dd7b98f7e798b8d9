"""What the ground says to the floors above."""

from safety_api.outbox import Topic, declare

TOPICS = declare(Topic("words.fill", "the words of all records of a kind are written anew, a part a message", ("kind", "after")))
