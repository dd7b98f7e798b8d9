"""The demo's registers: what stands behind its listed hazard and its stated facts, and a few rows of every other list.

All people and papers are invented; days lie before `today`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.demo import OWN_MINE, person
from accounts.jurisdiction import BUREAU_CODE
from enforcement import periods, rules
from enforcement.actions import proposing
from enforcement.kinds import (
    Approval,
    CaseState,
    DishonestyState,
    Every,
    Extent,
    HandoverResult,
    HandoverState,
    JointMeasure,
    ListingLevel,
    ListingState,
    Measure,
    Penalty,
    ProposalState,
    StopState,
    SubjectKind,
    Trigger,
)
from enforcement.models import (
    Accountability,
    ApprovalNote,
    Case,
    Dishonesty,
    Handover,
    JointPunishment,
    Listing,
    ListingProposal,
    Progress,
    StopConsent,
    StopOrder,
)
from enforcement.subjects import of_hazard
from enterprises.models import Enterprise, StatedFact
from hazards.demo import LISTED, LISTED_ON
from hazards.models import Hazard, HazardStep
from hazards.states import State
from reference.terms import Consent
from safety_api.demo import World, builds, put

APPROVAL = "approval"
PROPOSED, DECLINED = 12, 1  # days before today; how many of the proposals the committee has declined


@builds
def build(world: World) -> None:
    listed = Hazard.objects.get(pk=world.key(*LISTED))
    _listed(world, listed)
    _proposals(world)
    _orders(world, listed)
    units = list(Enterprise.objects.filter(is_demo=True, sector="hazardous_chemicals").order_by("pk")[:4])
    _handovers(world, units)
    _on_the_list(world)
    _held_to_account(world, listed)


def _written(world: World, about: dict[str, Any], on: date, who: str = "bureau") -> dict[str, Any]:
    """The columns of an Entry, as somebody of the cast wrote it on that day."""
    by = person(world, who)
    return {**about, "is_demo": True, "created_at": world.at(on, 10), "created_by": by.pk, "created_by_name": by.name}


def _of_unit(unit: Enterprise) -> dict[str, Any]:
    return {
        "region_code": unit.region_code, "sector_id": unit.sector_id, "department_id": BUREAU_CODE, "enterprise_id": unit.pk,
    }  # fmt: skip


def _many_to_many(pairs: Iterable[tuple[StopOrder, Hazard]]) -> None:
    through: Any = StopOrder.hazards.through
    put([through(stoporder_id=order.pk, hazard_id=hazard.pk) for order, hazard in pairs])


# --- 挂牌督办 ------------------------------------------------------------------------------------------------------------
def _listed(world: World, hazard: Hazard) -> None:
    """The own mine's hazard: listed by the county after it fell overdue; the first report is not due yet."""
    on = world.ago(LISTED_ON)
    listing = Listing(
        **_written(world, of_hazard(hazard), on, "committee"), id=world.key("listing"), hazard=hazard, level=ListingLevel.COUNTY,
        state=ListingState.LISTED, document="演示·兴安委办督1号", listed_on=on, leader="演示·高某", leader_post="分管副县长",
        responsible_person="褚主", measures="演示：停面补充探查，重新编制探放水设计", funds_yuan=Decimal("350000.00"),
        deadline=world.today + timedelta(days=40), plan="演示：撤出受威胁区域人员，专人观测", report_every=Every.MONTH,
        report_due_on=rules.next_report_due(on, Every.MONTH, after=world.ago(8)),
        publication_due_on=periods.ends("listing_publication", on), published_on=on + timedelta(days=2),
        published_at="演示·县政府网站",
    )  # fmt: skip
    put([listing])
    put([_first_report(world, listing)])
    put([_asked(world, listing, hazard)])


def _first_report(world: World, listing: Listing) -> Progress:
    by = person(world, "department")
    return Progress(
        listing=listing, due_on=rules.next_report_due(listing.listed_on, Every.MONTH, after=listing.listed_on),
        reported_on=world.ago(8), done="演示：探查钻孔完成六成", percent=60, funds_spent_yuan=Decimal("120000.00"),
        recorded_at=world.at(world.ago(8), 16), by_id=by.pk, by_name=by.name,
    )  # fmt: skip


def _asked(world: World, listing: Listing, hazard: Hazard) -> ListingProposal:
    """What the listing grew out of."""
    by = person(world, "committee")
    return ListingProposal(
        **_written(world, of_hazard(hazard), listing.listed_on, "department"), id=world.key("proposal", "listed"),
        hazard=hazard, trigger=Trigger.OVERDUE, state=ProposalState.LISTED, proposed_on=listing.listed_on - timedelta(days=3),
        decided_on=listing.listed_on, decided_by=by.pk, decided_by_name=by.name, listing=listing,
    )  # fmt: skip


def _proposals(world: World) -> None:
    """What the day proposes of itself; one of them the committee has declined."""
    found = sorted(proposing.due(on=world.today), key=lambda each: (str(each.hazard_id), each.trigger))
    for number, each in enumerate(found):
        each.pk = world.key("proposal", each.hazard_id, each.trigger)
        each.proposed_on, each.created_at, each.is_demo = world.ago(PROPOSED), world.at(world.ago(PROPOSED), 1), True
        if number < DECLINED:
            _decline(world, each)
    put(found)


def _decline(world: World, proposal: ListingProposal) -> None:
    by = person(world, "committee")
    proposal.state, proposal.reason = ProposalState.DECLINED, "演示：整改已近完成，由主管部门督促"
    proposal.decided_on, proposal.decided_by, proposal.decided_by_name = world.ago(PROPOSED - 2), by.pk, by.name


# --- 停产停业 ------------------------------------------------------------------------------------------------------------
def _orders(world: World, listed: Hazard) -> None:
    """The face of the listed hazard stands still; an order behind every stop that is stated; one mine that is back."""
    on = world.ago(LISTED_ON)
    face = _order(world, ("face",), of_hazard(listed), on, extent=Extent.PARTIAL, scope="二采区探放水受威胁采面")
    put([face])
    _many_to_many([(face, listed)])
    facts = StatedFact.objects.known().filter(kind="stop_order", enterprise__is_demo=True).select_related("enterprise")
    for fact in facts.order_by("pk"):
        until = {"state": StopState.RESUMED, "resumed_on": fact.held_to + timedelta(days=1)} if fact.held_to else {}
        about = _of_unit(fact.enterprise)
        put([_order(world, ("stated", fact.pk), about, fact.held_from, extent=Extent.WHOLE, fact_id=fact.pk, **until)])
    _resumed(world)


def _order(world: World, about: tuple, columns: dict[str, Any], on: date, **fields: Any) -> StopOrder:
    coal = columns["sector_id"] == "coal_mine"
    due = periods.ends("coal_stop_publication", on) if coal else None
    return StopOrder(
        **_written(world, columns, on, "bureau"), id=world.key("stop order", *about), reason="演示：停产整顿", basis="煤矿安全生产条例",
        document="演示·兴应急停", issued_on=on, publication_due_on=due, published_on=due and min(due, on + timedelta(days=2)),
        **{"state": StopState.STOPPED, **fields},
    )  # fmt: skip


def _resumed(world: World) -> None:
    """A coal mine that was stopped in part last year and came back in order, with its three consents."""
    mine = (
        Enterprise.objects.filter(is_demo=True, sector="coal_mine")
        .exclude(pk=world.key(*OWN_MINE))
        .order_by("pk")
        .first()
    )
    if mine is None:
        return
    on = world.ago(300)
    day = [on + timedelta(days=each) for each in (0, 40, 52, 55, 57, 58, 60)]
    order = _order(
        world, ("resumed",), _of_unit(mine), on, extent=Extent.PARTIAL, scope="主斜井提升系统", state=StopState.RESUMED, round=1,
        applied_on=day[1], application="演示：整改完成，申请复产", acceptance_due_on=periods.ends("coal_resumption_acceptance", day[1]),
        accepted_on=day[2], acceptance="演示：逐项查验合格", resumed_on=day[6], resumption_document="演示·兴应急复1号",
        resumption_publication_due_on=periods.ends("coal_stop_publication", day[6]),
        resumption_published_on=day[6] + timedelta(days=1),
    )  # fmt: skip
    put([order])
    by = person(world, "bureau")
    put(
        StopConsent(
            order=order, round=1, kind=kind, person="演示·某负责人", document=f"演示·{kind.label}", given_on=given,
            recorded_at=world.at(given, 15), by_id=by.pk, by_name=by.name,
        )
        for kind, given in zip(Consent, day[3:6], strict=True)
    )  # fmt: skip


# --- 案件 ----------------------------------------------------------------------------------------------------------------
def put_cases(world: World) -> None:
    """Of every hazard that was handed to enforcement, once visits have brought theirs; every second is decided, by turns with a fine and
    without a penalty."""
    steps = HazardStep.objects.filter(step="enforce", hazard__is_demo=True, hazard__state=State.ENFORCEMENT)
    put(_case_of(world, number, each) for number, each in enumerate(steps.select_related("hazard").order_by("id")))


def _case_of(world: World, number: int, step: HazardStep) -> Case:
    on, by = timezone.localdate(step.happened_at), person(world, "bureau")
    known = {**_written(world, of_hazard(step.hazard), on), "created_at": step.recorded_at}
    return Case(
        **known, id=world.key("case", step.hazard_id), hazard=step.hazard, opened_on=on, reason=step.note,
        **({"decided_on": on, "decided_by": by.pk, "decided_by_name": by.name, **DECISIONS[number // 2 % 2]} if number % 2 else {}),
    )  # fmt: skip


DECISIONS: list[dict[str, Any]] = [
    {
        "state": CaseState.PENALIZED, "penalties": [Penalty.FINE.value], "document": "演示·兴应急罚1号",
        "amount_yuan": Decimal("20000.00"), "basis": "演示：安全生产法 第一百零二条",
    },
    {"state": CaseState.NO_PENALTY, "ground": "演示：危害后果轻微并及时改正"},
]  # fmt: skip


# --- 审管衔接 ------------------------------------------------------------------------------------------------------------
def _handovers(world: World, units: list[Enterprise]) -> None:
    """One answered, one waiting, one overdue; and what the approver told."""
    put(_handover(world, number, unit, ago) for number, (unit, ago) in enumerate(zip(units, (60, 3, 40), strict=False)))
    put(_approved(world, number, unit) for number, unit in enumerate(units[:2]))


def _handover(world: World, number: int, unit: Enterprise, ago: int) -> Handover:
    sent, by = world.ago(ago), person(world, "bureau")
    due = periods.ends("handover_answer", sent)
    answered = {
        "state": HandoverState.ANSWERED, "answered_on": due, "answer": "演示：已责令补办", "result": HandoverResult.SUPPLEMENTED,
        "answered_by": by.pk, "answered_by_name": by.name,
    }  # fmt: skip
    return Handover(
        **_written(world, _of_unit(unit), sent), id=world.key("handover", number), to_department_id=APPROVAL,
        problem="演示：许可证有效期将满仍未申请延续", licence_kind="hazchem_business", document=f"演示·兴应急抄{number + 1}号",
        sent_on=sent, answer_due_on=due, **(answered if number == 0 else {}),
    )  # fmt: skip


def _approved(world: World, number: int, unit: Enterprise) -> ApprovalNote:
    day = world.ago(20 + number)
    return ApprovalNote(
        **_written(world, _of_unit(unit), day), id=world.key("approval note", number), from_department_id=APPROVAL,
        subject_name=unit.name, matter="演示：危险化学品经营许可证延续", result=Approval.RENEWED, decided_on=world.ago(24 + number),
        received_on=day,
    )  # fmt: skip


# --- 严重失信、联合惩戒、追责问责 -----------------------------------------------------------------------------------------
def _on_the_list(world: World) -> None:
    """Behind every listing that is stated stands a case, and with the first of them a joint punishment."""
    facts = StatedFact.objects.known().filter(kind="dishonesty_listing", enterprise__is_demo=True)
    cases = [_case(world, fact) for fact in facts.select_related("enterprise").order_by("pk")]
    put(cases)
    put(_punished(world, case, case.listed_on) for case in cases[:2] if case.listed_on)


def _case(world: World, fact: StatedFact) -> Dishonesty:
    notified_on = fact.held_from - timedelta(days=20)
    regime = periods.regime(fact.held_from)
    _, early = rules.listing_dates(fact.held_from, regime.body)
    return Dishonesty(
        **_written(world, _of_unit(fact.enterprise), notified_on), id=world.key("dishonesty", fact.pk), state=DishonestyState.LISTED,
        subject_kind=SubjectKind.UNIT, subject_name=fact.enterprise.name, regime=regime.version,
        clause=regime.body["clauses"][-1]["code"], facts="演示：有履行能力而拒不执行处罚决定", penalty_document="演示·兴应急罚9号",
        notice_document="演示·兴应急信告1号", notified_on=notified_on, objection_due_on=periods.objection_ends(notified_on),
        listed_on=fact.held_from, decision_document="演示·兴应急信列1号", expires_on=fact.held_to, early_removal_from=early,
        published_on=fact.held_from + timedelta(days=3), published_at="演示·信用信息公示系统", fact_id=fact.pk,
    )  # fmt: skip


def _punished(world: World, case: Dishonesty, listed_on: date) -> JointPunishment:
    about = {name: getattr(case, name) for name in ("region_code", "sector_id", "department_id", "enterprise_id")}
    return JointPunishment(
        **_written(world, about, listed_on, "committee"), id=world.key("joint punishment", case.pk),
        subject_kind=SubjectKind.UNIT, subject_name=case.subject_name, reason="演示：列入严重失信主体名单",
        basis="安全生产法 第七十八条", document="演示·兴安委联惩1号",
        measures=[JointMeasure.MORE_INSPECTIONS.value, JointMeasure.APPROVALS_SUSPENDED.value],
        departments=[APPROVAL, "natural_resources"], held_from=listed_on, held_to=case.expires_on,
    )  # fmt: skip


def _held_to_account(world: World, hazard: Hazard) -> None:
    day = world.ago(LISTED_ON - 10)
    about = {**of_hazard(hazard), "department_id": BUREAU_CODE}
    put(
        Accountability(
            **_written(world, about, day, "committee"), id=world.key("accountability", number), case="演示：重大隐患逾期，督促不力",
            hazard=hazard, person_name=name, person_unit="演示·某站", person_post=post, authority="演示·县纪委监委", measure=measure,
            document=f"演示·兴纪{number + 1}号", decided_on=day,
        )
        for number, (name, post, measure) in enumerate((("尤某某", "站长", Measure.ADMONITION), ("许某", "科员", Measure.CRITICISM)))
    )  # fmt: skip
