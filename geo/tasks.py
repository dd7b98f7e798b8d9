"""The clock's doors."""

from celery import shared_task

from geo import grid
from geo.layers import REGISTRY


@shared_task
def refresh_grid() -> int:
    return grid.refresh_all()


@shared_task
def rebuild_grid() -> int:
    return sum(grid.rebuild(layer) for layer in REGISTRY.values() if layer.kept)
