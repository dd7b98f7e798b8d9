"""Sending a rescued request again, through its own door, as whoever made it: the door judges it as it would have judged the phone's."""

from __future__ import annotations

import re
from copy import copy
from io import BytesIO
from typing import Any, cast

from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, resolve
from rest_framework.response import Response

from accounts.models import User
from phone.models import Rescue
from safety_api.permissions import MAY
from safety_api.problems import CANNOT_PLACE
from safety_api.renderers import to_json
from safety_api.roles import Role

AS_HELD = ("role", "region", "sectors", "enterprise_id", "department_id", "is_leader", "is_principal")
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RECORDS = re.compile(rf"(?:/?api/v1/)?((?:inspections|hazards|accidents)/{UUID})", re.IGNORECASE)  # PUT under the phone's own id


def destination(path: str) -> str:
    """As the contract writes it: hazards/{id}. Raises CANNOT_PLACE: only records of the field are placed; a step is taken anew by whoever may."""
    found = RECORDS.fullmatch(path.strip())
    if found is None:
        raise CANNOT_PLACE(path=path[:100] or "（没有写）")
    return found[1].lower()


def send_again(path: str, rescued: Rescue, body: Any = None) -> Response:
    """The door's answer, in the transaction at hand. `body`: in the stead of the rescued bytes."""
    content = bytes(rescued.content) if body is None else to_json(body)
    address = f"/api/v1/{path}"
    try:
        view, args, words = resolve(address)
    except Resolver404:
        raise CANNOT_PLACE(path=path) from None
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "PUT", "PATH_INFO": address, "SERVER_NAME": "localhost", "SERVER_PORT": "80", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(content)), "wsgi.input": BytesIO(content), "wsgi.url_scheme": "http",
        }
    )  # fmt: skip
    cast(Any, request)._force_auth_user = _author(rescued, MAY[f"{view.initkwargs['basename']}.{view.actions['put']}"])
    return cast(Response, view(request, *args, **words))


def _author(rescued: Rescue, may: frozenset[Role]) -> User:
    """Whoever made it, locked or not, their password due or not, at the last post that may: what they did in the field they did."""
    author = copy(User.objects.get(pk=rescued.by_id))
    author.must_change_password = False
    held = None if author.role in may else author.posts.filter(role__in=may).order_by("-held_from").first()
    for name in AS_HELD if held else ():
        setattr(author, name, getattr(held, name))
    return author
