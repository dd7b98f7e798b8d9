"""页门 A page opens to whom the API's door of the same thing opens: one table says who may (safety_api/permissions.py)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.second_factor import lacks_second_factor
from console.shown import refused
from console.sign_in import instead
from safety_api.permissions import MAY
from safety_api.problems import FORBIDDEN, NOT_FOUND, Problem

View = Callable[..., HttpResponse]
CHANGE_IT = "/password"


def office(route: str) -> Callable[[View], View]:
    """`route`: a line of MAY. Whoever is not signed in signs in first and comes back; what a verb refuses is said on a page of its own."""

    def gate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if first := _first(request):
                return first
            user: Any = request.user
            try:
                if user.role not in MAY[route]:
                    raise FORBIDDEN()
                return view(request, *args, **kwargs)
            except Problem as problem:
                return refused(request, problem)
            except (Http404, ObjectDoesNotExist):
                return refused(request, NOT_FOUND())

        opened.route = route  # type: ignore[attr-defined]  # what places.py asks
        return opened

    return gate


def _first(request: HttpRequest) -> HttpResponse | None:
    """What has to come before any page."""
    user: Any = request.user
    if not user.is_authenticated or lacks_second_factor(user, None, request):
        return instead(request)
    if user.must_change_password:
        return HttpResponseRedirect(CHANGE_IT)
    return None
