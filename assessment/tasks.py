"""Tasks of our rooms, where the worker looks for them."""

from assessment.bulletins.tasks import draft_bulletins
from assessment.closings.tasks import open_closings
from assessment.yearly.tasks import draft_the_year

__all__ = ["draft_bulletins", "draft_the_year", "open_closings"]
