"""What townships are notified of when a revision changes their rank or their state, and that they have read it.

Written in the transaction of the revision, from its own rows before and after: of each county it touches all
townships are ranked twice by the one rule, so that who is overtaken hears of it as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils import timezone

from enterprises.models import Enterprise
from geo.codes import whole
from geo.models import Region
from inbox import actions as inbox
from inbox.letters import Letter, posts
from inbox.models import Message
from inbox.querysets import MessageQuerySet
from reference.terms import Subject
from safety_api.actors import Actor
from safety_api.parts import in_parts
from safety_api.permissions import inside, within
from safety_api.problems import NOT_FOUND
from safety_api.roles import TOWNSHIP
from zero_accident import rules
from zero_accident.choices import NoticeKind
from zero_accident.figures.comparing import compared, ratio_of
from zero_accident.figures.tables import BROKEN, TOWNSHIP_FIGURES, Change
from zero_accident.messages import NOTICE
from zero_accident.models import TownshipFigures
from zero_accident.targets.lookup import TargetInForce, targets_of_all

MOST_NAMED = 10
ELSEWHERE = "其他乡镇数字变化"  # what happened there is not for this township to read
Row = Mapping[str, Any]  # the columns of the township's figures by name


@dataclass(frozen=True)
class TownshipState:
    """A township before or after a revision."""

    row: Row
    rank: int | None


@dataclass(frozen=True)
class NoticeDraft:
    kind: NoticeKind
    better: bool | None
    sentence: str


def send_notices(policy: rules.Policy, year: int, number: int, changes: Sequence[Change], *, reason: str) -> int:
    """Notices of the revision `number` of changes; returns how many. Three queries and what the
    inbox writes, however many townships, and nothing when no township's figures have changed.
    """
    moved = {each.key.region_code: each for each in changes if each.table is TOWNSHIP_FIGURES}
    if not moved:
        return 0
    after = _township_figures(policy, year, {code[:6] for code in moved}, TOWNSHIP_FIGURES.says._fields)
    before = {code: row for code, row in after.items() if code not in moved}
    before |= {code: each.before._asdict() for code, each in moved.items() if each.before}
    were, are = _states(policy, before), _states(policy, after)
    held = targets_of_all(year, [code[:9] for code in after])
    named = _named([each for each in changes if each.table is BROKEN])
    rows = []
    for code, now in are.items():
        why = f"（{reason if code in moved else ELSEWHERE}）"
        drafts = [*_changes(were.get(code), now, held[code[:9]]), *_members(named.get(code, {}))]
        rows += [_notice(policy, year, number, code, were.get(code), now, each, why) for each in drafts]
    return len(inbox.send(rows))


def _township_figures(
    policy: rules.Policy, year: int, counties: Iterable[str], columns: Sequence[str]
) -> dict[str, Row]:
    rows = TownshipFigures.objects.of(policy.version, year).filter(within(sorted(counties)))
    return {row.pop("region_code"): row for row in rows.order_by("region_code").values("region_code", *columns)}


def _states(policy: rules.Policy, rows: Mapping[str, Row]) -> dict[str, TownshipState]:
    """Ranked county by county."""
    counties: dict[str, list[rules.RankRow]] = defaultdict(list)
    for code, row in rows.items():
        counties[code[:6]].append(compared(code, row))
    ranked = (each for county in counties.values() for each in rules.rank(county, policy))
    return {each.row.region: TownshipState(rows[each.row.region], each.rank) for each in ranked}


def _changes(was: TownshipState | None, now: TownshipState, held: Mapping[str, TargetInForce]) -> Iterator[NoticeDraft]:
    """Of rank, targets and veto. A township that is new on the list has no before."""
    if was is None:
        return
    if was.rank != now.rank and was.rank and now.rank:
        better = now.rank < was.rank
        said = f"零事故排名由第{was.rank}名{'上升' if better else '下降'}到第{now.rank}名"
        yield NoticeDraft(NoticeKind.RANK, better, said)
    for kind, what, subject, noun in TARGETS:
        yield from _target(kind, noun, held[subject], ratio_of(was.row, what), ratio_of(now.row, what))
    if bool(was.row["vetoes"]) != bool(now.row["vetoes"]):
        said = "发生较大及以上生产安全事故，排在未被否决的乡镇之后"
        gone = "不再有较大及以上生产安全事故，恢复正常排名"
        yield NoticeDraft(NoticeKind.VETO, not now.row["vetoes"], said if now.row["vetoes"] else gone)


TARGETS = (
    (NoticeKind.VILLAGE_TARGET, "villages", Subject.VILLAGE, "村"),
    (NoticeKind.UNIT_TARGET, "units", Subject.UNIT, "单位"),
)


def _target(
    kind: NoticeKind, noun: str, held: TargetInForce, was: rules.Ratio, now: rules.Ratio
) -> Iterator[NoticeDraft]:
    before, after = (rules.ratio(each.zero, each.total, held.percent) for each in (was, now))
    if before.met is not None and after.met is not None and before.met != after.met:
        verb = "达到" if after.met else "未达到"
        said = f"{noun}零事故率由{before.percent}%变为{after.percent}%，{verb}{held.percent:.2f}%的目标"
        yield NoticeDraft(kind, after.met, said)


def _named(changes: Iterable[Change]) -> dict[str, dict[NoticeKind, list[str]]]:
    """Township → who broke and who was restored, by name. Two queries at most."""
    listed = [(each, each.after or each.before) for each in changes if each.before is None or each.after is None]
    names = _names([each.key for each, _ in listed])
    found: dict[str, dict[NoticeKind, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each, says in listed:
        kind = NoticeKind.BROKEN if each.before is None else NoticeKind.RESTORED
        found[whole(says.region_code[:9])][kind].append(names.get(each.key.key, each.key.key))
    return found


def _names(keys: Sequence[tuple[str, str]]) -> dict[str, str]:
    villages = [key for subject, key in keys if subject == Subject.VILLAGE]
    units = [key for subject, key in keys if subject == Subject.UNIT]
    found: dict[str, str] = {}
    for rows, wanted in ((Region.objects, villages), (Enterprise.objects, units)):
        for part in in_parts(wanted):
            found |= {str(pk): name for pk, name in rows.filter(pk__in=part).values_list("pk", "name")}
    return found


def _members(named: Mapping[NoticeKind, list[str]]) -> Iterator[NoticeDraft]:
    for kind, names in named.items():
        more = f"等{len(names)}个" if len(names) > MOST_NAMED else ""
        yield NoticeDraft(
            kind, kind == NoticeKind.RESTORED, f"{kind.label}：{'、'.join(sorted(names)[:MOST_NAMED])}{more}"
        )


def _notice(
    policy: rules.Policy,
    year: int,
    number: int,
    code: str,
    was: TownshipState | None,
    now: TownshipState,
    draft: NoticeDraft,
    why: str,
) -> Letter:
    details = {
        "policy": policy.version, "year": year, "revision": number, "kind": str(draft.kind), "better": draft.better,
        "rank_before": was.rank if was else None, "rank_after": now.rank,
    }  # fmt: skip
    return Letter(
        kind=NOTICE, once=f"notice/{policy.version}/{year}/{number}/{code}/{draft.kind}", sentence=f"{draft.sentence}{why}。",
        to=posts(TOWNSHIP), day=timezone.localdate(), region_code=code, details=details,
    )  # fmt: skip


# --- read ------------------------------------------------------------------------------------------------------------
def notices_for(user: Any) -> MessageQuerySet:
    """Of the townships of the person's jurisdiction."""
    rows = Message.objects.of(NOTICE).with_first_seen()
    return rows.filter(inside(user.region)) if user.region else rows.none()


@transaction.atomic
def see(notice_id: int, *, by: Actor) -> Message:
    """阅知: whoever reads it first. Again changes nothing. Raises NOT_FOUND for another township's."""
    notice = notices_for(by).filter(pk=notice_id).first()
    if notice is None:
        raise NOT_FOUND()
    if notice.seen_at is None:
        inbox.mark([notice], by=by, verb="zero_accident.notice_seen")
    return notices_for(by).get(pk=notice_id)


def spelled_out(notice: Message) -> SimpleNamespace:
    """A notice with what changed, by name."""
    return SimpleNamespace(
        **notice.details, id=notice.pk, township=notice.region_code, kind_name=NoticeKind(notice.details["kind"]).label,
        sentence=notice.sentence, made_at=notice.made_at, seen_at=notice.seen_at, seen_name=notice.seen_name or "",  # type: ignore[attr-defined]
    )  # fmt: skip
