"""The base of all doors: sign-in, role, strict parameters, a POST carried out once, pages, ETag and 304, If-Match."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from safety_api import answers, idempotency
from safety_api.actors import Actor
from safety_api.paging import OF_A_PAGE, Keyset
from safety_api.parameters import Several
from safety_api.problems import BAD_PARAMETER, METHOD_NOT_ALLOWED, NIL_ID, PARAMETER_TWICE, STALE
from safety_api.search import Search
from safety_api.shapes import NO_RECORD, shared
from safety_api.stamps import Stamped, State, etag_of, state_of

KEPT_IN_304 = ("ETag", "Cache-Control", "Vary")


class Filters(serializers.Serializer):
    """The query parameters of a door, declared like a body: unknown ones are refused, not ignored."""


class UntaggedResponse(Response):
    """Of what is not made from the door's tables alone: nobody can tell by them when it changes."""


class NoFilters(Filters):
    pass


class Door(GenericViewSet):
    """A thin view. Set `serializer_class`, `ordering`, `etag_tables`, `filters`; give `get_queryset()` the user's rows.

    `filters`: for every action, or by action, "*" being all others. `sorts`: what a list may be sorted by instead of its `ordering`,
    as the answer names it, with its keys, the last of them unique.
    """

    pagination_class = Keyset
    lookup_value_regex = "[^/]+"
    filter_backends = ()
    ordering: ClassVar[tuple[str, ...]] = ("pk",)
    etag_tables: ClassVar[tuple[str, ...]] = ()  # models an answer is made from, as "app.Model"; () means no ETag
    etag_asked: ClassVar[dict[str, str]] = {}  # parameter → the model that an answer to it is made from besides
    filters: ClassVar[type[Filters] | dict[str, type[Filters]]] = NoFilters
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    keyed: ClassVar[bool] = True  # POSTs take Idempotency-Key
    words_lag: ClassVar[bool] = True  # what `q` finds follows its record a moment later
    search: Search | None = None  # what `q` asks for, set by `chosen`: the page looks for it

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            raise METHOD_NOT_ALLOWED()
        if request.query_params:
            self.check_parameters()
        if request.method not in SAFE_METHODS and not NO_RECORD.isdisjoint(kwargs.values()):
            raise NIL_ID()
        if request.method == "POST" and self.keyed and "Idempotency-Key" in request.headers:
            carry_out = getattr(self, "post")  # noqa: B009 - set by as_view
            self.post = lambda *a, **kw: idempotency.once(request, partial(carry_out, *a, **kw))

    # --- reading -------------------------------------------------------------------------------------------------------
    def filters_of_action(self) -> type[Filters]:
        if self.action is None:
            return NoFilters
        if not isinstance(self.filters, dict):
            return self.filters
        return self.filters.get(self.action) or self.filters.get("*", NoFilters)

    def check_parameters(self) -> None:
        """Raises BAD_PARAMETER for a query parameter that this door does not have, PARAMETER_TWICE for one that has but one value."""
        declared = shared(self.filters_of_action()).fields
        for name, values in self.request.query_params.lists():
            if name not in declared and name not in self.page_parameters():
                raise BAD_PARAMETER.at("", said=name[:40], name=name[:40])
            if len(values) > 1 and not isinstance(declared.get(name), Several):
                raise PARAMETER_TWICE.at("", said=name, name=name)

    def page_parameters(self) -> frozenset[str]:
        if not self.is_paged:
            return frozenset()
        return OF_A_PAGE | {"sort"} if self.sorts else OF_A_PAGE

    def parameters(self) -> dict[str, Any]:
        """The query parameters, validated. Raises `invalid` for a bad value."""
        declared, sent = shared(self.filters_of_action()), self.request.query_params
        several = {name for name in sent if isinstance(declared.fields.get(name), Several)}
        return declared.run_validation({name: sent.getlist(name) if name in several else sent[name] for name in sent})

    @property
    def is_paged(self) -> bool:
        return self.action == "list" and self.paginator is not None

    def list(self, request: Request, *args, **kwargs) -> HttpResponse:
        parameters = self.parameters()
        if "sort" in request.query_params:
            self.sort_by(request.query_params["sort"])
        return self.tagged(lambda: self.page_of(self.in_order(self.chosen(self.get_queryset(), **parameters))))

    def sort_by(self, word: str) -> None:
        """Raises BAD_PARAMETER for what this list is not sorted by."""
        if word not in self.sorts:
            raise BAD_PARAMETER.at("", said="、".join(self.sorts), name="sort")
        self.ordering = self.sorts[word]  # type: ignore[misc]

    def in_order(self, rows):
        """The rows with whatever keys of the order are no columns of theirs; a list with such an order overrides it."""
        return rows

    def chosen(self, rows, **parameters):
        """The rows that the parameters ask for; a list with filters overrides it."""
        return rows

    def page_of(self, rows) -> Response:
        show = self.shape().to_representation
        return self.get_paginated_response([show(row) for row in self.paginate_queryset(rows) or ()])

    def shape(self, shape: Any = None) -> Any:
        """The shape out, in this request's context."""
        wanted: Any = shape or self.get_serializer_class()
        return shared(wanted, **self.shape_context())

    def shape_context(self) -> dict[str, Any]:
        """What the shape out must know of the request: hashable values only."""
        return {}

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), **self.shape_context()}

    def retrieve(self, request: Request, *args, **kwargs) -> Response:
        return self.shown(self.get_object())

    def shown(self, row: Any, status: int = 200) -> Response:
        """One record with its own ETag, for If-Match."""
        headers = {"ETag": etag_of(row)} if isinstance(row, Stamped) else {}
        return Response(self.shape().to_representation(row), status=status, headers=headers)

    def tagged(self, answer, *more: object) -> HttpResponse:
        """304 when the answer would say what the reader has; else the answer with its ETag. It is not made when nothing that it is made from
        has changed since it was last given."""
        if not self.etag_tables or (self.words_lag and "q" in self.request.query_params):
            return answer()
        found = state_of((*self.etag_tables, *self._asked_besides()))
        asked = (*self.who_asks_for_what(), *more)
        state = self.tag_of_state(found, asked)
        for tag in (answers.said_at(state), state):
            if tag and tag in self.request.headers.get("If-None-Match", ""):
                return HttpResponse(status=304, headers={"ETag": tag})
        response = answer()
        if isinstance(response, UntaggedResponse):
            return response
        response["Cache-Control"] = "private, no-cache"
        with_tag = partial(self._with_tag, state, (*asked, *(found.newest.get(table) for table in answers.RULES)))
        if response.streaming:
            response["ETag"] = state
        elif isinstance(response, Response):
            response.add_post_render_callback(with_tag)
        else:
            response = with_tag(response)
        return response

    def _with_tag(self, state: str, asked: tuple, response: HttpResponse) -> HttpResponse:
        tag = answers.tag_of(response.content, *asked)
        answers.remember(state, tag)
        response["ETag"] = tag
        if tag not in self.request.headers.get("If-None-Match", ""):
            return response
        return HttpResponse(status=304, headers={name: response[name] for name in KEPT_IN_304 if name in response})

    def tag_of_state(self, found: State, asked: tuple) -> str:
        return found.tag(*asked)

    def _asked_besides(self) -> tuple[str, ...]:
        return tuple(model for name, model in self.etag_asked.items() if name in self.request.GET)

    def who_asks_for_what(self) -> tuple:
        user: Any = self.request.user
        scope = (user.pk, user.role, user.region, tuple(user.sectors), user.enterprise_id, user.department_id)
        waits = (user.is_leader, user.is_principal)  # what waits for a person depends on it
        return *scope, *waits, self.request.get_full_path(), get_language(), timezone.localdate()

    # --- writing -------------------------------------------------------------------------------------------------------
    @property
    def by(self) -> Actor:
        """Whoever is signed in: the doors of actions are open to nobody else."""
        return cast(Actor, self.request.user)

    def read(self, shape: Any) -> Any:
        """The body in this shape. Raises the validation problem with all its pointers."""
        return shared(shape).run_validation(self.request.data)

    def check_fresh(self, row: Stamped) -> None:
        """Raises STALE when If-Match names another state than the row's; call it with the row locked."""
        wanted = self.request.headers.get("If-Match")
        if wanted and wanted != "*" and etag_of(row) not in wanted:
            raise STALE()
