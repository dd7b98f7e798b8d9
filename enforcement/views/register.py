"""What every register's door does: list, show, add a row, take a step with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.response import Response

from safety_api.doors import Door
from safety_api.problems import NOT_FOUND


class RegisterDoor(Door):
    """Set `model` besides what a Door asks for; it answers with `whole` where one row is asked, when that is set."""

    model: ClassVar[Any]
    whole: ClassVar[Any] = None

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).to_show()

    def parameters(self) -> dict[str, Any]:
        asked = super().parameters()
        return {**asked, "by": self.by} if self.action == "list" else asked

    def shape_context(self) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def chosen(self, rows, *, overdue: bool | None = None, **asked):
        rows = rows.chosen(**asked)
        return rows if overdue is None else rows.overdue(on=timezone.localdate(), is_so=overdue)

    def get_serializer_class(self):
        return self.whole if self.whole and self.action != "list" else self.serializer_class

    def added(self, row: Any) -> Response:
        return self.shown(self.get_queryset().get(pk=row.pk), status=201)

    def step(self, action: Callable[..., Any], pk: Any, shape: Any) -> Response:
        if not self.model.objects.visible_to(self.request.user).filter(pk=pk).exists():
            raise NOT_FOUND()  # before the body is judged: what lies outside does not exist
        action(pk, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self.shown(self.get_queryset().get(pk=pk))
