"""凭什么 Why a township stands where it stands, and what would lift it: the key that decides against the next one above, in words.

A difference told is that of the two figures shown. What broke stays broken within its year (DOMAIN §7.2): no sentence counts on it, and none
says how many more may happen.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from zero_accident.rules.policy import Policy
from zero_accident.rules.ranking import FIGURES, Ranked, RankRow


class Key(NamedTuple):
    """`shown`: the figure as it is printed, for a difference; `unit`: of that difference; `worse`: what the one below is."""

    label: str
    shown: Callable[[RankRow], Decimal | None]
    unit: str
    worse: str


def _percent(part: int, of: int) -> Decimal | None:
    return Decimal(part * 10_000 // of) / 100 if of else None


KEYS: dict[str, Key] = {
    "village_ratio": Key("村比例", lambda row: _percent(row.village.zero, row.village.total), "个百分点", "低"),
    "unit_ratio": Key("单位比例", lambda row: _percent(row.unit.zero, row.unit.total), "个百分点", "低"),
    "deaths": Key("死亡人数", lambda row: Decimal(row.deaths), "人", "多"),
    "accidents": Key("事故起数", lambda row: Decimal(row.accidents), "起", "多"),
    "on_time_rate": Key("按时整改率", lambda row: _percent(row.hazards_on_time, row.hazards_due), "个百分点", "低"),
}
BOTH = ["village_ratio", "unit_ratio"]
MOST_COUNTED = 200  # hazards cleared on time; more than a township has in hand


class Standing(NamedTuple):
    """`why` it stands there; `key` is what decides against `above`, empty where nothing does; `lift`: how many hazards cleared on time from now
    would pass `above`, None where that alone would not."""

    ranked: Ranked
    why: str
    key: str = ""
    above: str | None = None
    tied: bool = False
    lift: int | None = None


def standings(ranked: list[Ranked], policy: Policy, names: dict[str, str]) -> list[Standing]:
    """In the order of the ranking. `names`: of townships by code."""
    keys = [name for name, _ in policy.rank_keys]
    found: list[Standing] = []
    for number, each in enumerate(ranked):
        mates = [other.row.region for other in ranked if other.rank == each.rank and other is not each]
        better = [other for other in ranked[:number] if other.rank is not None and each.rank is not None and other.rank < each.rank]
        found.append(_standing(each, better[-1] if better else None, mates, keys, names))
    return found


def _standing(each: Ranked, above: Ranked | None, mates: list[str], keys: list[str], names: dict[str, str]) -> Standing:
    if each.rank is None:
        return Standing(each, "列示，不参加排名")
    tied = bool(mates)
    if above is None:
        return Standing(each, f"与{'、'.join(names[code] for code in mates)}各项全同，并列" if tied else "各项比下来在最前", tied=tied)
    name = names[above.row.region]
    if each.row.veto and not above.row.veto:
        return Standing(each, "发生较大及以上事故，一票否决，排在最后", "veto", above.row.region, tied)
    key = next(word for word in keys if FIGURES[word](each.row) != FIGURES[word](above.row))
    said = _said(each.row, above.row, key, keys, name)
    return Standing(each, said, key, above.row.region, tied, _lift(each.row, above.row) if key == "on_time_rate" else None)


def _said(row: RankRow, above: RankRow, key: str, keys: list[str], name: str) -> str:
    what = KEYS[key]
    same = _same(row, keys[: keys.index(key)])
    before = f"{same}与{name}相同，" if same else ""
    mine, theirs = what.shown(row), what.shown(above)
    if mine is None or theirs is None:
        return f"{before}{what.label}还没有可算的"
    apart = abs(mine - theirs)
    than = "" if before else f"比{name}"
    if not apart:
        return f"{before}{what.label}{than}略{what.worse}（不到 0.01 {what.unit}）"
    return f"{before}{what.label}{than}{what.worse} {apart.normalize():f} {what.unit}"


def _same(row: RankRow, equal: list[str]) -> str:
    """What does not decide, shortly; that nobody died in either place goes without saying."""
    harm = [KEYS[word].label for word in equal if word not in BOTH and FIGURES[word](row)]
    ratios = [KEYS[word].label for word in equal if word in BOTH]
    return "、".join([*(["两项比例"] if len(ratios) == len(BOTH) else ratios), *harm])


def _lift(row: RankRow, above: RankRow) -> int | None:
    """Hazards that fall due and are cleared on time from now, all others staying as they are, until the share is above the other's."""
    for more in range(1, MOST_COUNTED + 1):
        if (row.hazards_on_time + more) * above.hazards_due > above.hazards_on_time * (row.hazards_due + more):
            return more
    return None


def lifting(standing: Standing, names: dict[str, str]) -> str:
    """再有…: what one can do; the truth where nothing can be done this year."""
    rank, key = standing.ranked.rank, standing.key
    if rank is None:
        return ""
    if standing.above is None:
        return "守住：到期的隐患都按时改完，名次就在。"
    name = names[standing.above]
    if standing.lift is not None:
        return f"再有 {standing.lift} 条按时改完，就超过{name}。"
    if key == "on_time_rate":
        return f"按时整改率已经追不上{name}；到期的都按时改完，名次守得住。"
    if key == "veto":
        return "一票否决当年不变；改完手上的隐患，明年重新算起。"
    return f"差在{KEYS[key].label}，当年只有核销或认定变更才能改变；到期的都按时改完，不让后面的超过。"


def rows_of(shown: list[dict[str, Any]], ratio_of: Callable[[int, int], Any]) -> list[Ranked]:
    """The ranking as it is told (`zero-accident/ranking`), as rows that can be compared again."""
    return [
        Ranked(
            each["rank"],
            RankRow(
                each["region"], ratio_of(each["village_zero"], each["village_total"]), ratio_of(each["unit_zero"], each["unit_total"]),
                each["deaths"], each["accidents"], each["hazards_due"], each["hazards_on_time"], each["veto"], each["zone"],
            ),
        )
        for each in shown
    ]  # fmt: skip
