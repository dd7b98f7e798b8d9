"""办理 What can be done with a record, as forms: each deed a row with the API's door that does it, what it asks for and the condition said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone

from console.asking import Answer, drop, put, tell
from console.step_forms import Control
from safety_api.permissions import MAY
from safety_api.problems import FORBIDDEN, NOT_FOUND

Body = dict[str, Any]
Choices = Mapping[str, Iterable[tuple[str, str]]]
WALL = "%Y-%m-%dT%H:%M:%S"  # of a field for a moment: the county's clock; to the second, or what just happened lies before what it follows
WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
OF = re.compile(r"[\w-]*")


class Deed(NamedTuple):
    """`path`: of the API's door (its POST, another `method`, PUT where a file is the body), with {key}, the record, and {of}, what within it;
    `route`: its line of MAY; `at`: where on the page it stands. `body(record, typed)`: what is sent; beside a file, its parameters.
    `fresh`: refused as stale when the record moved on meanwhile."""

    label: str
    route: str
    path: str
    at: str
    needs: str
    controls: tuple[Control, ...]
    body: Callable[[dict[str, Any], Mapping[str, str]], Body]
    fresh: bool = False
    method: str = "POST"


class Form(NamedTuple):
    """`wrong`: why it was refused, beside what was typed."""

    name: str
    label: str
    action: str
    needs: str
    hidden: tuple[tuple[str, str], ...]
    controls: tuple[Control, ...]
    wrong: str
    opened: bool
    file: bool


class Sent(NamedTuple):
    """A form that was refused: what was typed, and the problem."""

    name: str
    typed: Mapping[str, str]
    problem: dict[str, Any]


# --- what is sent -------------------------------------------------------------------------------------------------------------
def asked(*names: str) -> Callable[[dict[str, Any], Mapping[str, str]], Body]:
    """What stands in these fields; an empty one was not sent."""
    return lambda _, typed: {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def moments(*names: str) -> Callable[[Mapping[str, str]], Body]:
    """Of the county's clock."""
    return lambda typed: {name: moment_of(typed[name]) for name in names if typed.get(name)}


def moment_of(said: str) -> str:
    """As the API takes it; what is no moment is left to be refused."""
    return f"{said if said.count(':') > 1 else f'{said}:00'}+08:00" if WALL_CLOCK.fullmatch(said) else said


def lines_of(said: str) -> list[str]:
    return [line.strip() for line in said.splitlines() if line.strip()]


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What a form sent; of a field with several values one a line."""
    return {name: "\n".join(map(str, values)) for name, values in request.POST.lists()}


def may(user: Any, deed: Deed) -> bool:
    return user.role in MAY[deed.route]


def carry_out(request: HttpRequest, deed: Deed, record: dict[str, Any], typed: Mapping[str, str]) -> Answer:
    """By the deed's door. Raises FORBIDDEN; NOT_FOUND for an address that no form of ours has."""
    if not may(request.user, deed):
        raise FORBIDDEN()
    of = typed.get("of", "")
    if not OF.fullmatch(of):
        raise NOT_FOUND()
    path = deed.path.format(key=record["id"], of=of)
    if "file" in {each.kind for each in deed.controls}:
        file = request.FILES.get("file")
        kind = (file.content_type if file else None) or "application/octet-stream"
        return put(request, path, file.read() if file else b"", kind, **deed.body(record, typed))
    if deed.method == "DELETE":
        return drop(request, path)
    seen, once = typed.get("seen", "") if deed.fresh else "", typed.get("once", "") if deed.method == "POST" else ""
    return tell(request, path, deed.body(record, typed), key=once, tag=seen, method=deed.method)


# --- how it is offered --------------------------------------------------------------------------------------------------------
def form_of(
    name: str, deed: Deed, page: str, of: str = "", hidden: Mapping[str, str] | None = None, choices: Choices | None = None, sent: Sent | None = None
) -> Form:
    """With what was typed in it, where it was refused just now. `page`: the address under which it is sent; `once`: pressed twice it is done once."""
    again = sent if sent and sent.name == name and sent.typed.get("of", "") == of else None
    typed, wrong = (again.typed, faults(again.problem)) if again else ({}, {})
    controls = tuple(
        each._replace(
            value=typed.get(each.name, "") if again else _at_first(each), wrong=wrong.pop(each.name, ""),
            choices=tuple((choices or {}).get(each.name, each.choices)),
        )
        for each in deed.controls
    )  # fmt: skip
    rest = "；".join(dict.fromkeys(wrong.values())) or (spoken(again) if again and not any(each.wrong for each in controls) else "")
    also = (("of", of), ("once", str(uuid4())), *(hidden or {}).items())
    return Form(name, deed.label, f"{page}/{name}", deed.needs, also, controls, rest, again is not None, "file" in {each.kind for each in controls})


def _at_first(control: Control) -> str:
    return f"{timezone.localtime():{WALL}}" if control.kind == "moment" and control.required else control.value


def spoken(sent: Sent) -> str:
    return str(sent.problem.get("detail") or sent.problem.get("title", ""))


def faults(problem: Mapping[str, Any]) -> dict[str, str]:
    """Name of a field → what is wrong with it."""
    return {str(each.get("pointer", "")).strip("/").partition("/")[0]: str(each["detail"]) for each in problem.get("errors", [])}
