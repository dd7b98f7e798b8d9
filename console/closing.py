"""定稿 A month, or a year, on its way to being published: reconciled, objected to, signed, frozen, told. Every step is taken here, its condition
said before it is sent; what is refused stands beside what was typed. Works without a script."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from assessment.closings.periods import last_day
from assessment.closings.rules import rules_on
from assessment.closings.states import FLOW
from assessment.closings.words import DifferenceKind, ObjectionMatter, ObjectionState
from assessment.models import ClosingState
from console.asking import Answer, ask, send, tell
from console.cells import day, moment
from console.closing_deeds import DEEDS
from console.deeds import OF, Choices, Form, Sent, form_of, spoken
from console.gate import office
from console.names import Names
from console.shown import shown
from geo.codes import whole
from safety_api.permissions import MAY
from safety_api.problems import FORBIDDEN, NOT_FOUND
from safety_api.sheets import XLSX

LISTS = "zero-accident/source-lists"
MOST = 100  # rows of a closing's lists


class Stage(NamedTuple):
    """`now`: what is being done; `done`: it was; neither: still to come. `said`: what of it, in words."""

    name: str
    anchor: str
    said: str
    done: bool
    now: bool


class Difference(NamedTuple):
    """A row of theirs, an accident of ours, or both; what differs; what may be decided about it."""

    told: dict[str, Any]
    source: str
    where: str
    forms: list[Form]


class Objected(NamedTuple):
    told: dict[str, Any]
    where: str
    forms: list[Form]


@require_safe
@office("closings.retrieve")
def page(request: HttpRequest, closing_id: int) -> HttpResponse:
    return _page(request, closing_id)


@require_POST
@office("closings.retrieve")
def step(request: HttpRequest, closing_id: int, name: str) -> HttpResponse:
    """A form that was sent: done, it leads back to its place on the page; refused, it stands there with the reason."""
    deed = DEEDS.get(name)
    if deed is None:
        raise NOT_FOUND()
    if not _may(request, deed.route):
        raise FORBIDDEN()
    row = _closing(request, closing_id)
    typed = {key: value for key, value in request.POST.items() if isinstance(value, str)}
    answer = _carried_out(request, name, row.told, typed)
    if answer.ok:
        return HttpResponse(status=303, headers={"Location": f"/closings/{closing_id}#{deed.at}"})
    return _page(request, closing_id, Sent(name, typed, answer.told), answer.status)


def _may(request: HttpRequest, route: str) -> bool:
    user: Any = request.user
    return user.role in MAY[route]


def _closing(request: HttpRequest, closing_id: int) -> Answer:
    answer = ask(request, f"zero-accident/closings/{closing_id}")
    if not answer.ok:
        raise Http404
    return answer


def _carried_out(request: HttpRequest, name: str, row: dict[str, Any], typed: dict[str, str]) -> Answer:
    deed = DEEDS[name]
    if name == "list":
        asked = {name: row[name] for name in ("year", "month", "region")} | {name: typed.get(name, "") for name in ("source", "note")}
        file = request.FILES.get("file")
        return send(request, f"{LISTS}/xlsx", file.read() if file else b"", XLSX, **asked)
    of = typed.get("of") or typed.get("charged", "").split(" ")[0]
    if not OF.fullmatch(of):
        raise NOT_FOUND()
    path = deed.path.format(key=row["id"], of=of)
    return tell(request, path, deed.body(row, typed), key=typed.get("once", ""), tag=typed.get("seen", "") if deed.fresh else "")


# --- the page -----------------------------------------------------------------------------------------------------------------
def _page(request: HttpRequest, closing_id: int, sent: Sent | None = None, status: int = 200) -> HttpResponse:
    answer = _closing(request, closing_id)
    row, user = answer.told, request.user
    offer = _Offer(user, row, answer.tag, sent)
    reconciled = _reconciled(request, row, offer)
    objections = _objections(request, row, offer)
    bulletin = _bulletin(request, row, offer)
    return shown(
        request, "console/closing.html", status, closing=row, stages=_stages(row, reconciled), reconciled=reconciled, objections=objections,
        object_form=_object_form(request, row, offer), bulletin=bulletin, lists=_lists(user, row, offer),
        no_objection=offer.closing("no-objection", row["state"] == ClosingState.OPEN and not _has_none(user, row)),
        signing=_signing(row, offer), freezing=_freezing(row, offer),
        problem=spoken(sent) if sent else "", trail=[(moment(each["at"]).text, each) for each in row["steps"]],
    )  # fmt: skip


class _Offer:
    """The forms of one look at the page: only those whose door opens to whoever looks."""

    def __init__(self, user: Any, row: dict[str, Any], tag: str, sent: Sent | None):
        self.user, self.row, self.tag, self.sent = user, row, tag, sent

    def may(self, name: str) -> bool:
        is_barred = not self.user.is_leader and any(self.user.role in each.leaders for each in FLOW.by_name.get(name, ()))
        return self.user.role in MAY[DEEDS[name].route] and not is_barred

    def form(self, name: str, of: str = "", /, choices: Choices | None = None, **hidden: str) -> Form:
        return form_of(name, DEEDS[name], f"/closings/{self.row['id']}", of, {"seen": self.tag, **hidden}, choices, self.sent)

    def closing(self, name: str, when: bool) -> Form | None:
        return self.form(name) if when and self.may(name) else None


def _stages(row: dict[str, Any], reconciled: dict[str, Any] | None) -> list[Stage]:
    state = row["state"]
    waits = {each["code"] for each in row["waiting"] or ()}
    is_reconciled = state != ClosingState.OPEN or (row["waiting"] is not None and not waits & {"source_list_missing", "differences_open"})
    is_heard = state != ClosingState.OPEN or (row["waiting"] is not None and not waits & {"objections_open", "objection_period_runs"})
    signed, frozen = state != ClosingState.OPEN, state == ClosingState.FROZEN
    said = [
        ("核对", "lists", "月报与我方逐起比对" if reconciled is None else _said_of(reconciled), is_reconciled),
        ("异议", "objections", f"{day(row['objections_until']).text}止，{len(row['no_objection'])} 个乡镇声明没有", is_heard),
        ("签发", "signing", f"{row['signed_name']}，{day(row['signed_at']).text}" if signed else "安委办或负责人", signed),
        ("冻结", "freezing", f"{row['frozen_name']}，{day(row['frozen_at']).text}" if frozen else "另一个人，此后不再改动", frozen),
    ]
    first = next((number for number, (*_, done) in enumerate(said) if not done), len(said))
    return [Stage(name, anchor, words, done, number == first) for number, (name, anchor, words, done) in enumerate(said)]


def _said_of(reconciled: dict[str, Any]) -> str:
    missing, open_ones = len(reconciled["missing"]), reconciled["open"]
    return "，".join([f"缺 {missing} 份月报" if missing else "月报已齐", f"{open_ones} 处差异待定" if open_ones else "没有待定的差异"])


# --- 1 reconcile -------------------------------------------------------------------------------------------------------------
def _lists(user: Any, row: dict[str, Any], offer: _Offer) -> list[Form]:
    """A department's own list, or any of them for the bureau: as a workbook, or that nothing happened."""
    if not row["month"] or row["state"] == ClosingState.FROZEN or not offer.may("list"):
        return []
    keeps = user.role in MAY["closings.create"]
    sources = [each for each in _sources(row) if keeps or each.department == user.department_id]
    choices = {"source": [(each.code, each.name) for each in sources]}
    return [offer.form("list", choices=choices), offer.form("nil", choices=choices)] if sources else []


def _sources(row: dict[str, Any]) -> list[Any]:
    return list(rules_on(last_day(row["year"], row["month"])).sources)


def _reconciled(request: HttpRequest, row: dict[str, Any], offer: _Offer) -> dict[str, Any] | None:
    """None: not for whoever looks, or of a year, which asks for its twelve months."""
    if not row["month"] or not _may(request, "source_differences.show"):
        return None
    answer = ask(request, "zero-accident/differences", year=row["year"], month=row["month"], region=row["region"], state="all")
    if not answer.ok:
        return None
    told = answer.told
    names = Names([{"region": each["region"]} for one in told["rows"] for each in (one["row"], one["accident"]) if each])
    sources = {each.code: each.name for each in _sources(row)}
    rows = [_difference(each, sources, names, offer) for each in told["rows"] if each["kind"] != DifferenceKind.NONE or each["settlement"]]
    lists = [{**each, "name": sources.get(each["source"], each["source"])} for each in told["lists"]]
    waiting, settled = ([each for each in rows if each.told["settled"] is which] for which in (False, True))
    return {**told, "lists": lists, "waiting": waiting, "settled": settled}


def _difference(told: dict[str, Any], sources: dict[str, str], names: Names, offer: _Offer) -> Difference:
    at, frozen = told["row"] or told["accident"], offer.row["state"] == ClosingState.FROZEN
    return Difference(told, sources.get(told["source"], told["source"]), names.place(at["region"]), [] if frozen else _decisions(told, offer))


def _decisions(told: dict[str, Any], offer: _Offer) -> list[Form]:
    """What the bureau may decide of it, the likeliest first."""
    if not offer.may("match"):
        return []
    theirs, ours, settlement = told["row"], told["accident"], told["settlement"]
    of = str(theirs["id"]) if theirs else ""
    if told["settled"]:
        return [offer.form("undo", of)] if theirs and settlement else []
    if not theirs:
        key = str(ours["accident"])
        return [offer.form("explain", key, source=told["source"], accident=key)]
    if settlement:  # known to be ours, and its figures differ
        return [offer.form("accept", of), offer.form("undo", of)]
    likely = [(str(each["accident"]), f"相似 {each['score']}：{'，'.join(each['reasons'])}") for each in told["proposals"]]
    match = [offer.form("match", of, choices={"accident": likely})] if likely else []
    return [*match, offer.form("add", of), offer.form("set-aside", of)]


# --- 2 object ----------------------------------------------------------------------------------------------------------------
def _objections(request: HttpRequest, row: dict[str, Any], offer: _Offer) -> list[Objected]:
    if not _may(request, "objections.list"):
        return []
    answer = ask(request, "zero-accident/objections", region=row["region"], limit=MOST, **_period(row))
    found = answer.told["results"] if answer.ok else []
    names = Names(found)
    return [Objected(each, names.place(each["region"]), _answers(each, offer)) for each in found]


def _period(row: dict[str, Any]) -> dict[str, int]:
    return {"year": row["year"], **({"month": row["month"]} if row["month"] else {})}


def _answers(told: dict[str, Any], offer: _Offer) -> list[Form]:
    if told["state"] != ObjectionState.OPEN:
        return []
    of = str(told["id"])
    remedy = {"about": told["about"], "village": told["village"], "enterprise": str(told["enterprise"] or "")}
    answers = [offer.form("reject", of)] if offer.may("reject") else []
    if answers and told["about"] in (ObjectionMatter.VILLAGE, ObjectionMatter.UNIT):
        answers.insert(0, offer.form("uphold", of, **remedy))
    return [*answers, *([offer.form("take-back", of)] if offer.may("take-back") else [])]


def _object_form(request: HttpRequest, row: dict[str, Any], offer: _Offer) -> Form | None:
    """A township objects to what broke a village or a unit of its own."""
    if row["state"] == ClosingState.FROZEN or not offer.may("object"):
        return None
    answer = ask(request, "zero-accident/broken", year=row["year"], region=offer.user.region, limit=MOST)
    rows = answer.told["results"] if answer.ok else []
    charged = [
        (f"{one['accident']} {each['kind']} {each['key']}", f"{each['name']}，{day(each['broken_on']).text}破零：{one['sentence']}"[:120])
        for each in rows if each["key"] for one in each["accidents"] if one["accident"]
    ]  # fmt: skip
    return offer.form("object", choices={"charged": charged}) if charged else None


def _has_none(user: Any, row: dict[str, Any]) -> bool:
    """Whoever's township has said so already."""
    return bool(user.region) and whole(user.region) in row["no_objection"]


# --- 3 sign, 4 freeze, afterwards -----------------------------------------------------------------------------------------------
def _signing(row: dict[str, Any], offer: _Offer) -> list[Form]:
    some = [offer.closing("sign", row["state"] == ClosingState.OPEN), offer.closing("withdraw", row["state"] == ClosingState.SIGNED)]
    return [each for each in some if each]


def _freezing(row: dict[str, Any], offer: _Offer) -> list[Form]:
    some = [offer.closing("freeze", row["state"] == ClosingState.SIGNED), offer.closing("revise", row["state"] == ClosingState.FROZEN)]
    return [each for each in some if each]


def _bulletin(request: HttpRequest, row: dict[str, Any], offer: _Offer) -> dict[str, Any] | None:
    found = ask(request, "zero-accident/bulletins", limit=MOST, **_period(row))
    of_this = [each for each in (found.told["results"] if found.ok else []) if each["closing"] == row["id"]]
    draft = offer.closing("bulletin", row["state"] != ClosingState.FROZEN)
    if not of_this:
        return {"draft": draft} if draft else None
    return {**ask(request, f"zero-accident/bulletins/{of_this[0]['id']}").told, "draft": draft}
