"""Tasks of our rooms, where the worker looks for them."""

from assessment.bulletins.tasks import draft_bulletins

__all__ = ["draft_bulletins"]
