"""That something came into somebody's inbox."""

from inbox.kinds import SENT
from safety_api.outbox import Topic, declare

TOPICS = declare(Topic(SENT, "messages came into the inbox of those who are addressed", ("messages",)))
