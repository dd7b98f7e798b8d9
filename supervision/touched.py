"""What of classes a load touches: the units that have one, which the worker or the night of the first day evaluates anew."""

from __future__ import annotations

from enterprises.models import Enterprise
from safety_api.loads import Touch, touched_by
from supervision.following import READ_BY_A_CLASS


@touched_by(*READ_BY_A_CLASS)
def classes(touch: Touch) -> str:
    count = Enterprise.objects.exclude(supervision_class="").count()
    return f"分类监管：{count} 家有类别的单位自 {touch.since} 起重新评定" if count else ""
