"""A room of its own for the tests of the ground: doors over a small stamped table that no upper floor can change under us."""

from __future__ import annotations

from django.urls import path
from rest_framework import serializers

from reference.models import Load
from safety_api import outbox
from safety_api.doors import Door, Filters
from safety_api.paging import both
from safety_api.parameters import Several
from safety_api.permissions import MAY
from safety_api.problems import WRONG_STEP
from safety_api.roles import EVERYONE
from safety_api.shapes import Moment, Money, Shape, Text, Whole
from safety_api.trail import record
from safety_api.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401

ROUTES = {f"notes.{action}": EVERYONE for action in ("list", "create", "refuse", "retrieve", "edit", "break_down")}


class NoteShape(Shape):
    new = Whole(min_value=0, max_value=1_000_000)
    word = Text(max_length=100, required=False, default="")
    at = Moment(required=False)
    loss = Money(required=False)
    parts = serializers.ListField(child=Text(max_length=10), required=False, max_length=5)


class NoteFilters(Filters):
    least = serializers.IntegerField(required=False, min_value=0)
    new = Several(serializers.IntegerField(min_value=0))


class NoteOut(serializers.Serializer):
    id = serializers.IntegerField()
    new = serializers.IntegerField()


class NoteDoor(Door):
    serializer_class = NoteOut
    ordering = ("-new", "id")
    etag_tables = ("reference.Load",)
    filters = {"list": NoteFilters}
    sorts = both(new=("new", "id"))

    def get_queryset(self):
        return Load.objects.all()

    def chosen(self, rows, *, least=0, new=None):
        rows = rows.filter(new__gte=least)
        return rows.filter(new__in=new) if new else rows

    def create(self, request):
        wanted = self.read(NoteShape)
        note = Load.objects.create(new=wanted["new"], changed=0, removed=0)
        record(request.user, "note.create", note)
        outbox.send("test.note", {"note": note.pk})
        return self.shown(note, 201)

    def edit(self, request, pk):
        note = self.get_queryset().select_for_update().get(pk=pk)
        self.check_fresh(note)
        note.new = self.read(NoteShape)["new"]
        note.save(update_fields=["new"])
        note.refresh_from_db()
        return self.shown(note)

    def refuse(self, request):
        Load.objects.create(new=1, changed=0, removed=0)
        raise WRONG_STEP(state="已销号", step="确认")

    def break_down(self, request):
        raise ZeroDivisionError("a fault of ours")


urlpatterns = [
    *urlpatterns,
    path("api/v1/notes", NoteDoor.as_view({"get": "list", "post": "create"}, basename="notes")),
    path("api/v1/notes/refuse", NoteDoor.as_view({"post": "refuse"}, basename="notes")),
    path("api/v1/notes/break-down", NoteDoor.as_view({"get": "break_down"}, basename="notes")),
    path("api/v1/notes/<int:pk>", NoteDoor.as_view({"get": "retrieve", "put": "edit"}, basename="notes")),
]


def open_doors(monkeypatch) -> None:
    for route, roles in ROUTES.items():
        monkeypatch.setitem(MAY, route, roles)
