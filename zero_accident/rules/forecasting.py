"""How a year may still end, in one Chinese sentence a leader reads aloud. Within a calendar year what is broken stays
broken (DOMAIN §7.2 period): only a write-off, an approved change, or a standard accepted later, raises a ratio.
"""

from dataclasses import dataclass

from zero_accident.rules.ratios import Ratio, spare

MEASURES = {"village": ("个", "村"), "unit": ("家", "单位")}
RESTORED = "破零当年不能自行恢复，只有核销或认定变更才能恢复"


@dataclass(frozen=True)
class Outlook:
    """What a forecast looks at. `provisional` of the broken are undetermined; `short` are unbroken, but without the
    nine standards; `over`: the year has ended.
    """

    subject: str  # village | unit
    found: Ratio
    broken: int = 0
    provisional: int = 0
    short: int = 0
    over: bool = False

    def many(self, count: int) -> str:
        measure, noun = MEASURES[self.subject]
        return f"{count}{measure}{noun}"

    @property
    def goal(self) -> str:
        return f"{self.found.target:.2f}%的目标"


def forecast(outlook: Outlook) -> str:
    """Never empty: without a ratio or a target it says so."""
    found, left = outlook.found, spare(outlook.found)
    noun = MEASURES[outlook.subject][1]
    if not found.total:
        return f"没有计入的{noun}，不计算零事故率。"
    if left is None:
        return f"没有目标值，现为{found.zero}/{found.total}。"
    said = _missed(outlook, -left) if left < 0 else _ended(outlook, left) if outlook.over else _ahead(outlook, left)
    return said + _provisional(outlook, -left)


def _ahead(outlook: Outlook, left: int) -> str:
    measure, noun = MEASURES[outlook.subject]
    found = outlook.found
    if left == found.zero:
        return f"即使全部破零，也不低于{outlook.goal}。"
    if left:
        more = f"再破第{left + 1}{measure}，全年就达不到{outlook.goal}。"
        return f"还可再有{outlook.many(left)}破零；{more}"
    exactly = found.zero * 100 == found.target * found.total  # type: ignore[operator]  # a target there is
    where = f"恰好达到{outlook.goal}" if exactly else "已没有余地"
    return f"{where}：再有1{measure}{noun}破零，全年就达不到{outlook.goal}。"


def _ended(outlook: Outlook, left: int) -> str:
    return f"全年已结束，达到{outlook.goal}，" + (f"还余{outlook.many(left)}。" if left else "没有余地。")


def _missed(outlook: Outlook, lacking: int) -> str:
    """`lacking` at least 1."""
    before = "全年已结束，" if outlook.over else ""
    if not outlook.short:
        return f"{before}达不到{outlook.goal}，已多破{outlook.many(lacking)}：{RESTORED}。"
    rest = lacking - outlook.short
    how = (
        f"有{outlook.many(outlook.short)}未破零而未达创建标准，通过其中{lacking}{MEASURES[outlook.subject][0]}即可达标。"
        if rest <= 0
        else f"即使{outlook.many(outlook.short)}未达创建标准的全部通过，仍差{outlook.many(rest)}：{RESTORED}。"
    )
    return f"{before}达不到{outlook.goal}，还差{outlook.many(lacking)}；{how}"


def _provisional(outlook: Outlook, lacking: int) -> str:
    if not outlook.provisional:
        return ""
    measure = MEASURES[outlook.subject][0]
    enough = f"，恢复{lacking}{measure}即可达标" if 0 < lacking <= outlook.provisional else ""
    return f"已破零的{outlook.many(outlook.broken)}中，{outlook.provisional}{measure}性质待定，核销后可恢复{enough}。"
