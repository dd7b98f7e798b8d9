"""一条记录 A unit, a visit, an accident as the office reads them: what the API tells of each, in sections, with links to what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accidents.choices import StatStatus
from console import accident_deeds, account_deeds, names, paper_deeds
from console.asking import Answer, ask
from console.cells import Cell, Fact, day, late, level, link, moment, span, state, text
from console.deeds import Choices, Deed, Form, Sent, carry_out, form_of, may, spoken, typed_in
from console.gate import office
from console.listings import HAZARDS, INSPECTIONS
from console.lists import Column
from console.photos import Picture, pictures_of
from console.shown import shown
from console.shown_once import Secret, secret_of
from evidence.papers.models import How, Party
from reference.terms import ReportLevel
from safety_api.problems import FORBIDDEN, NOT_FOUND

ROWS = 10


class Section(NamedTuple):
    """`facts`: label and cell; `notes`: sentences; `table`: rows of (label, cell); `more`: label and address of the whole list; `forms`: what one
    may do about it; `anchor`: where such a form leads back to."""

    title: str
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    table: tuple[list[Fact], ...] = ()
    more: tuple[str, str] | None = None
    empty: str = ""
    forms: tuple[Form, ...] = ()
    anchor: str = ""
    pictures: tuple[Picture, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


class Told(NamedTuple):
    title: str
    marks: list[Cell]
    sections: list[Section]


class Offer:
    """The forms of one look at a record: only those whose door opens to whoever looks."""

    def __init__(self, request: HttpRequest, page: str, deeds: dict[str, Deed], tag: str, sent: Sent | None):
        self.user: Any = request.user
        self.page, self.deeds, self.tag, self.sent = page, deeds, tag, sent

    def some(self, *names: str, of: str = "", choices: Choices | None = None) -> tuple[Form, ...]:
        open_ones = [(name, self.deeds[name]) for name in names if may(self.user, self.deeds[name])]
        return tuple(form_of(name, deed, self.page, of, {"seen": self.tag}, choices, self.sent) for name, deed in open_ones)


Tell = Callable[[HttpRequest, dict[str, Any], names.Names, Offer], Told]


class Record(NamedTuple):
    """`tell`: what is said of the record, by what its door answered; `deeds`: what can be done with it, by name."""

    asks: str
    route: str
    place: str
    tell: Tell
    deeds: dict[str, Deed] = {}

    def page(self) -> Callable[..., HttpResponse]:
        @require_safe
        @office(self.route)
        def view(request: HttpRequest, key: UUID) -> HttpResponse:
            return self._shown(request, key)

        return view

    def step(self) -> Callable[..., HttpResponse]:
        """A form that was sent: done, it leads back to its place on the page; refused, it stands there with the reason."""

        @require_POST
        @office(self.route)
        def view(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
            deed = self.deeds.get(name)
            if deed is None:
                raise NOT_FOUND()
            if not may(request.user, deed):
                raise FORBIDDEN()
            typed = typed_in(request)
            answer = carry_out(request, deed, self._asked(request, key).told, typed)
            if answer.ok and (secret := secret_of(answer.told)):
                return self._shown(request, key, secret=secret)
            if answer.ok:
                return HttpResponse(status=303, headers={"Location": f"/{self.asks}/{key}#{deed.at}"})
            return self._shown(request, key, Sent(name, typed, answer.told), answer.status)

        return view

    def _asked(self, request: HttpRequest, key: UUID) -> Answer:
        answer = ask(request, f"{self.asks}/{key}")
        if not answer.ok:
            raise Http404
        return answer

    def _shown(self, request: HttpRequest, key: UUID, sent: Sent | None = None, status: int = 200, secret: Secret | None = None) -> HttpResponse:
        answer = self._asked(request, key)
        offer = Offer(request, f"/{self.asks}/{key}", self.deeds, answer.tag, sent)
        told = self.tell(request, answer.told, names.Names([answer.told]), offer)
        problem = spoken(sent) if sent else ""
        page = shown(request, "console/record.html", status, told=told, back=f"/{self.asks}", place=self.place, problem=problem, secret=secret)
        if secret:
            page["Cache-Control"] = "no-store"
        return page


def _rows(request: HttpRequest, path: str, columns: Iterable[Column], **parameters: Any) -> tuple[tuple[list[Fact], ...], int]:
    """Of a list, as far as the viewer may see it."""
    answer = ask(request, path, limit=ROWS, count="true", **parameters)
    if not answer.ok:
        return (), 0
    found = answer.told["results"]
    named = names.Names(found)
    return tuple([(column.label, column.show(row, named)) for column in columns] for row in found), answer.told.get("total", len(found))


# --- a unit --------------------------------------------------------------------------------------------------------------
def _unit(request: HttpRequest, row: dict[str, Any], _: names.Names, __: Offer) -> Told:
    key = row["id"]
    class_ = ask(request, f"enterprises/{key}/supervision-class")
    hazards, open_ones = _rows(request, "hazards", HAZARDS.columns, enterprise=key, open="true")
    visits, seen = _rows(request, "inspections", INSPECTIONS.columns[2:], enterprise=key)
    marks = [Cell(f"{row['class']} 类", "class", note="暂定" if row["class_provisional"] else "")] if row.get("class") else []
    return Told(row["name"], marks, [
        Section("单位", (
            ("地点", text(f"{row['township_name'] or ''}{row['region_name'] or ''} {row['address']}".strip())),
            ("行业领域", text(names.sector(row["sector"]))),
            ("统一社会信用代码", text(row["credit_code"] or row["no_credit_code_reason"])),
            ("负责人", text(row["principal_name"], note=row["principal_phone"])),
            ("开业", day(row["opened_on"])), ("最近检查", day(row["last_visit_on"])),
        )),
        *([_explained(class_.told)] if class_.ok else []),
        *([_counted(row["inspections_this_year"])] if row.get("inspections_this_year") else []),
        Section(f"未结隐患 {open_ones} 条", table=hazards, more=("全部隐患", f"/hazards?enterprise={key}"), empty="没有未结的隐患。"),
        Section(f"检查 {seen} 次", table=visits, more=("全部检查", f"/inspections?enterprise={key}"), empty="还没有检查过。"),
    ])  # fmt: skip


def _explained(told: dict[str, Any]) -> Section:
    """Why this class: the sentences of the rule, and the day on which it may be better."""
    facts: list[Fact] = [("自", day(told["since"])), ("总分", text(told["score"])), ("办法", text(told["scheme"]))]
    facts += [("最早可升类", day(told["next_upgrade_on"]))] if told.get("next_upgrade_on") else []
    return Section(f"为什么是 {told['class']} 类", tuple(facts), tuple(told["reasons"]))


def _counted(year: dict[str, Any]) -> Section:
    ceiling = text(f"{year['ceiling']} 次", note=year["source"]) if year.get("ceiling") is not None else text("没有定上限")
    made = text(f"{year['counted']} 次", note=f"今年还可 {year['left']} 次" if year.get("left") is not None else "")
    return Section("今年检查次数", (("已计入", made), ("上限", ceiling), ("机关", text(year["authority_name"]))))


# --- a visit ---------------------------------------------------------------------------------------------------------------
HAZARD_OF_VISIT = (
    Column("级别", lambda row, _: level(row["level"])),
    Column("隐患", lambda row, _: link(row["description"], f"/hazards/{row['id']}")),
    Column("检查项", lambda row, _: text(row.get("item"))),
)


def _visit(request: HttpRequest, row: dict[str, Any], named: names.Names, _: Offer) -> Told:
    where = row["enterprise_name"] or row["place"] or "没有编号的场所"
    hazards = tuple([(column.label, column.show(each, named)) for column in HAZARD_OF_VISIT] for each in _found(row))
    papers = tuple([("文书", _paper(each)), ("文号", text(each["number"]))] for each in row["papers"])
    photos = row["photos"]
    came = sum(each["state"] in ("held", "ready") for each in photos)
    return Told(f"检查 {where}", [], [
        Section("这次检查", (
            ("单位", link(where, f"/enterprises/{row['enterprise']}" if row["enterprise"] else "")),
            ("地点", text(named.place(row["region"]), note=row["place"])),
            ("检查人", text(row["by_name"])), ("开始", moment(row["started_at"])), ("结束", moment(row["finished_at"])),
            ("收到", moment(row["received_at"])), ("行业领域", text(names.sector(row["sector"]))),
            ("来源", text(row["source"]["number"] if row["source"] else "")), ("照片", text(f"{came}/{len(photos)} 张已到") if photos else text("")),
        ), tuple(each["detail"] for each in row["remarks"])),
        Section(f"隐患 {row['hazards_found']} 条", table=hazards, empty="没有发现隐患。"),
        Section("照片", pictures=pictures_of(photos), empty=_awaited(photos)),
        Section("过程", tuple(_course(row))),
        Section("文书", table=papers, empty="没有随之出具的文书。"),
    ])  # fmt: skip


def _found(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in row["hazards"] if isinstance(each, dict)]


def _paper(row: dict[str, Any]) -> Cell:
    title = row.get("title") or row["kind"]
    return text(title, note="草稿，待出具") if row["draft"] else link(title, f"/papers/{row['id']}")


def _awaited(photos: list[dict[str, Any]]) -> str:
    return f"{len(photos)} 张照片还在手机上，没有传到。" if photos else "没有照片。"


def _course(row: dict[str, Any]) -> Iterable[Fact]:
    """Approval, notice, scan, certificates, record, result: each with its time and who, as far as it was told."""
    for name, label in (("approval", "批准"), ("notice", "通知"), ("scan", "扫码"), ("record", "记录"), ("result", "结果告知")):
        step = row.get(name)
        if step:
            who = step.get("approver_name") or step.get("to") or ""
            yield label, text(moment(step["at"]).text if step.get("at") else "已办", note=" ".join(filter(None, [who, step.get("number") or ""])))
        else:
            yield label, text("")
    yield "出示证件", text("已出示" if row["certificates_shown"] else "")


# --- an accident -------------------------------------------------------------------------------------------------------------
def _accident(request: HttpRequest, row: dict[str, Any], named: names.Names, offer: Offer) -> Told:
    legs = tuple([
        ("谁报谁", text(f"{each['level_name']} 报 {each['to_name']}")), ("起算", moment(each["received_at"])), ("时限", moment(each["due_at"])),
        ("报出", moment(each["sent_at"])), ("", _leg(each)),
    ] for each in row["legs"])  # fmt: skip
    reports = tuple([("时间", moment(each["held_at"])), ("死亡", text(each["deaths"])), ("重伤", text(each["serious_injuries"])),
                     ("报告人", text(each["by_name"])), ("经过", text(each["course"] or each["note"]))] for each in row["reports"])  # fmt: skip
    decisions = tuple([
        ("日期", day(each["decided_on"])), ("理由", text(each["reason"])), ("文号", text(each["document"])), ("批准", text(each["approved_by"])),
        ("经手", text(each["by_name"])),
    ] for each in row["decisions"])  # fmt: skip
    findings = tuple([
        ("违规报告", text(each["kind_name"])), ("哪一级", text(LEVEL_NAMES.get(each["level"], each["level"]))), ("事实", text(each["evidence"])),
        ("文号", text(each["document"])), ("", state("有效") if each["in_force"] else state("已撤销", "void")),
    ] for each in row["findings"] if each["revokes"] is None)  # fmt: skip
    wordings = tuple([
        ("原文", text(each["was"])), ("更正为", text(each["text"])), ("理由", text(each["reason"])), ("更正", moment(each["known_at"])),
        ("经手", text(each["by_name"])),
    ] for each in row["wordings"])  # fmt: skip
    joined, ended = bool(row["joined_to"]), () if row["rescue_ended_at"] else ("rescue-ended",)
    off = () if row["stat_status"] == StatStatus.WRITTEN_OFF else ("write-off",)
    revoking = [form for each in row["findings"] if each["in_force"] for form in offer.some("revoke", of=str(each["id"]))]
    marks = [Cell(row["grade_name"], "state")] if row["grade_name"] else []
    return Told(row["description"] or row["category_name"] or "事故", marks, [
        Section("事故", (
            ("发生", moment(row["occurred_at"])), ("地点", text(f"{named.place(row['region'])} {row['place']}".strip())),
            ("类别", text(row["category_name"])), ("死亡", text(f"{row['deaths']} 人")), ("重伤", text(f"{row['serious_injuries']} 人")),
            ("失联", text(f"{row['missing']} 人") if row["missing"] else text("")), ("统计", text("计入" if row["in_statistics"] else "未计入")),
            ("收到", moment(row["received_at"])), ("报告人", text(row["reporter_name"])),
        ), tuple(each["detail"] for each in row["remarks"])),
        Section("照片", pictures=pictures_of(row["photos"]), empty=_awaited(row["photos"])),
        Section("报告时限", table=legs, empty="没有要报的。", forms=(*_of_legs(row, offer), *offer.some("told", *ended)), anchor="legs"),
        Section("报告", table=reports, empty="还没有报告。", forms=() if joined else offer.some("report"), anchor="reports"),
        Section("认定", table=decisions, empty="还没有认定。", forms=() if joined else offer.some("decide", *off), anchor="decisions"),
        Section("违规报告", table=findings, empty="没有认定。", forms=(*offer.some("find"), *revoking), anchor="findings"),
        *_twins(request, row, offer),
        Section("文字的更正", table=wordings, empty="没有更正过。", forms=offer.some("correct-wording"), anchor="wordings"),
    ])  # fmt: skip


def _of_legs(row: dict[str, Any], offer: Offer) -> list[Form]:
    """Named by the leg: several stand below one table."""
    found = []
    for leg in row["legs"]:
        for name in accident_deeds.of_a_leg(leg, offer.user):
            said = f"{leg['level_name']} 报 {leg['to_name']}{'（更正）' if name == 'send' and leg['sent_at'] else ''}"
            found += [each._replace(label=f"{each.label}：{said}") for each in offer.some(name, of=str(leg["id"]))]
    return found


def _twins(request: HttpRequest, row: dict[str, Any], offer: Offer) -> list[Section]:
    """Records that may be of the same accident: put forward by time and place, judged by a person."""
    answer = ask(request, f"accidents/{row['id']}/twins") if may(offer.user, accident_deeds.DEEDS["join"]) else None
    if row["joined_to"]:
        return [Section("同一起", notes=("本条已并入另一条，数字在那里计。",), forms=offer.some("separate"), anchor="twins")]
    proposed = [each for each in (answer.told if answer and answer.ok else ()) if each["state"] == "proposed"]
    others = [(each["second"] if each["first"]["id"] == row["id"] else each["first"], each) for each in proposed]
    if not others:
        return []
    table = tuple([
        ("疑似同一起", link(other["description"] or other["place"] or "另一条", f"/accidents/{other['id']}")), ("发生", moment(other["occurred_at"])),
        ("相隔", text(span(pair["minutes"]), note="" if pair["metres"] is None else f"{pair['metres']} 米")),
    ] for other, pair in others)  # fmt: skip
    into = [(str(other["id"]), other["description"] or other["place"] or str(other["id"])) for other, _ in others]
    return [Section("疑似同一起", table=table, forms=offer.some("join", choices={"into": into}), anchor="twins")]


def _leg(leg: dict[str, Any]) -> Cell:
    if leg["sent_at"]:
        return late(f"迟 {span(leg['minutes_late'])}") if leg["late"] else state("按时", "closed")
    left = leg["minutes_left"]
    if left is None:
        return state("不再计")
    return late(f"已超 {span(-left)}") if left < 0 else state(f"还有 {span(left)}")


# --- a paper ---------------------------------------------------------------------------------------------------------------
def _issued(request: HttpRequest, row: dict[str, Any], named: names.Names, offer: Offer) -> Told:
    served = tuple([
        ("方式", text(HOW.get(each["how"], each["how"]))), ("收件人", text(each["received_by"], note=each["post"])),
        ("送达", moment(each["served_at"])),
        ("地点", text(each["place"])), ("见证人", text("、".join(each["witnesses"]))), ("经手", text(each["recorded_by_name"])),
    ] for each in row["services"])  # fmt: skip
    signed = tuple([
        ("谁", text(each["name"], note=each["post"])), ("身份", text(PARTY.get(each["party"], each["party"]))), ("签名", moment(each["signed_at"])),
        ("", state("已签", "closed")),
    ] for each in row["signatures"])  # fmt: skip
    refused = tuple([
        ("谁", text(each["name"], note=each["post"])), ("身份", text("在场", note="、".join(each["witnesses"]))),
        ("签名", moment(each["refused_at"])),
        ("", late(f"拒签：{each['reason']}")),
    ] for each in row["refusals"])  # fmt: skip
    scans = tuple([
        ("版", link(f"第 {each['version']} 版", f"/api/v1/papers/{row['id']}/scan?version={each['version']}")), ("存入", moment(each["recorded_at"])),
        ("大小", text(f"{max(each['size'] // 1024, 1)} KB")),
    ] for each in row["scans"])  # fmt: skip
    key, sheet = row["id"], f"/api/v1/papers/{row['id']}"
    marks = [state(f"已由 {row['corrected_by']} 更正", "void")] if row["corrected_by"] else []
    return Told(row["title"], marks, [
        Section("文书", (
            ("文号", text(row["number"])), ("机关", text(row["organ"])), ("受文", link(row["addressee"], _of_unit(row))),
            ("地点", text(named.place(row["region"]))), ("出具", moment(row["issued_at"])), ("出具人", text(row["issued_by_name"])),
            ("承办", text("、".join(each["name"] for each in row["officers"]))), ("依据", link(SUBJECTS[row["subject_kind"]][0], _of_subject(row))
             if row["subject_kind"] in SUBJECTS else text("")), ("更正", text(row["correction"])), ("核验码", text(row["code"])),
        ), links=(("PDF", f"{sheet}.pdf"), ("Word", f"{sheet}.docx"), ("窄幅", f"{sheet}.pdf?form=narrow")), anchor="paper"),
        Section("签名", table=(*signed, *refused), empty="还没有签名；签名在手机上留。", forms=offer.some("refuse"), anchor="signatures"),
        Section("送达", table=served, empty="还没有登记送达。", forms=offer.some("serve"), anchor="service"),
        Section("签章原件", table=scans, empty="还没有存扫描件。", forms=offer.some("scan"), anchor="scans"),
        Section("指纹", notes=(row["sha256"], f"任何人可凭核验码 {row['code']} 核对：/api/v1/verify/{row['code']}"), anchor=str(key)),
    ])  # fmt: skip


def _of_unit(row: dict[str, Any]) -> str:
    return f"/enterprises/{row['enterprise']}" if row["enterprise"] else ""


def _of_subject(row: dict[str, Any]) -> str:
    return f"{SUBJECTS[row['subject_kind']][1]}/{row['subject']}"


# --- a person's account -----------------------------------------------------------------------------------------------------
def _account(request: HttpRequest, row: dict[str, Any], _: names.Names, offer: Offer) -> Told:
    posts, held = (ask(request, f"accounts/{row['id']}/{part}").told for part in ("posts", "certificates"))
    named, chosen = names.Names(posts), choices_of_posts()
    table = tuple([
        ("岗位", text(each["role_name"], note="负责人" if each["is_leader"] else "")), ("管辖", text(named.place(each["region"]))),
        ("部门", text(names.department(each["department"]))), ("行业领域", text("、".join(map(names.sector, each["sectors"])))),
        ("自", moment(each["held_from"])), ("至", moment(each["held_to"])), ("", text("") if each["begun_at"] else state("尚未到任")),
    ] for each in posts)  # fmt: skip
    certificates = tuple([
        ("证号", text(each["number"])), ("发证机关", text(each["issued_by"])), ("有效", text(f"{each['valid_from']} 至 {each['valid_to']}")),
        ("", state(f"{each['revoked_on']} 注销", "void") if each["revoked_on"] else text("")),
    ] for each in held)  # fmt: skip
    waiting = [form for each in posts if not each["begun_at"] for form in offer.some("withdraw", of=str(each["id"]))]
    revoking = [form for each in held if not each["revoked_on"] for form in offer.some("revoke", of=str(each["id"]))]
    turn = "disable" if row["is_active"] else "enable"
    return Told(row["name"], [] if row["is_active"] else [late("已停用")], [
        Section("账号", (
            ("用户名", text(row["username"])), ("岗位", text(row["role_name"])), ("手机", text(row["phone"])), ("电子邮件", text(row["email"])),
            ("建立", moment(row["created_at"])), ("首次口令", text("尚未更改" if row["must_change_password"] else "")),
        ), forms=offer.some("edit", "reset-password", "bind", turn), anchor="account"),
        Section("任职", table=table, empty="没有任职。", forms=(*offer.some("post", choices=chosen), *waiting), anchor="posts"),
        Section("执法证", table=certificates, empty="没有登记。", forms=(*offer.some("certificate"), *revoking), anchor="certificates"),
    ])  # fmt: skip


def choices_of_posts() -> dict[str, list[tuple[str, str]]]:
    return {"region": names.places_of_posts(), "sectors": names.sectors(), "department": names.departments()}


SUBJECTS = {
    "hazard": ("隐患", "/hazards"), "inspection": ("检查", "/inspections"), "enterprise": ("单位", "/enterprises"), "paper": ("文书", "/papers"),
}  # fmt: skip
HOW, PARTY, LEVEL_NAMES = dict(How.choices), dict(Party.choices), dict(ReportLevel.choices)

RECORDS = {
    "enterprises": Record("enterprises", "enterprises.retrieve", "单位", _unit),
    "inspections": Record("inspections", "inspections.retrieve", "检查", _visit),
    "accidents": Record("accidents", "accidents.retrieve", "事故", _accident, accident_deeds.DEEDS),
    "accounts": Record("accounts", "accounts.retrieve", "账号", _account, account_deeds.DEEDS),
    "papers": Record("papers", "papers.retrieve", "文书", _issued, paper_deeds.DEEDS),
}
