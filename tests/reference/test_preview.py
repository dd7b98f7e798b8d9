"""What a load touches is asked before it, floor by floor, and nothing is written."""

from __future__ import annotations

from datetime import date
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from reference import law, shapes
from reference.models import Document, Load
from safety_api.loads import LEAVES_OPEN, TOUCHED
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.hazards import a_hazard_in
from tests.cast.units import a_unit
from tests.reference.test_load import edit, folder, law_cache_cleared, load

pytestmark = pytest.mark.django_db
__all__ = ["folder", "law_cache_cleared"]
NOTHING_NEW = "参照数据（预览，未装载）：新增 0，改动 0，删除 0"


def preview(folder, **options):
    out = StringIO()
    call_command("load_reference", folder, preview=True, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def shorter(folder):
    (folder / "deadlines" / "2027.toml").write_text(
        '[[changes]]\nat = "/items/general/days"\neffective_from = 2027-01-01\nvalue = 10\nsource = "兴安委〔2026〕31号"\n',
        encoding="utf-8",
    )
    return folder


def rows():
    stamps = list(Document.objects.order_by("pk").values_list("pk", "xid"))
    return stamps, Load.objects.count(), TrailLine.objects.count(), OutboxMessage.objects.count()


def test_every_kind_is_answered_by_a_floor_or_touches_no_record():
    answered = set().union(*(kinds for kinds, _ in TOUCHED))
    assert set(shapes.BODIES) - answered - LEAVES_OPEN == set()
    assert answered & LEAVES_OPEN == set()


def test_a_preview_writes_nothing_and_reads_the_old_text_afterwards(shorter):
    before = rows()
    assert "新增 1，改动 1" in preview(shorter)
    assert rows() == before
    assert law.in_force("deadlines", date(2027, 1, 1)).version == "2021-1"


def test_a_preview_of_what_is_loaded_touches_nothing(folder):
    assert preview(folder).startswith(NOTHING_NEW) and "·" not in preview(folder)


def test_a_preview_refuses_what_the_load_refuses(folder):
    edit(folder / "targets" / "2021.toml", "target = 85", "target = 80")
    with pytest.raises(CommandError, match="issue a new version"):
        preview(folder)


def test_open_hazards_are_named_before_a_deadline_changes(shorter):
    a_hazard_in("rectifying", unit=a_unit())
    a_hazard_in("closed", key=UUID(int=2), photo=None)
    assert "隐患：未销号 1 项，期限按原规定，此后的步骤和提醒自 2027-01-01 起按新规定" in preview(shorter)


def test_the_load_says_what_it_touches_and_keeps_it_in_the_trail(shorter):
    a_hazard_in("rectifying", unit=a_unit())
    assert "  · 隐患：未销号 1 项" in load(shorter)
    [kept] = TrailLine.objects.order_by("-id").first().details["touched"]
    assert kept.startswith("隐患：未销号 1 项")


@pytest.mark.parametrize(
    ("file", "since", "said"),
    [
        ("unit_duties/2021-1.toml", "2027-01-01", "单位：1 家未关闭的单位自 2027-01-01 起按新的要求"),
        ("hazard_standards/2026.toml", "2027-01-01", "重大隐患：未销号 煤矿 1 项；2027-01-01 以来发现、按原判定标准认定的 无"),
        ("hazard_standards/2026.toml", "2025-01-01", "重大隐患：未销号 煤矿 1 项；2025-01-01 以来发现、按原判定标准认定的 煤矿 1 项"),
    ],
)  # fmt: skip
def test_each_floor_says_what_of_its_own_a_new_version_touches(folder, file, since, said):
    a_hazard_in("rectifying", unit=a_unit(), level="major")
    path = folder / file
    text = path.read_text(encoding="utf-8")
    version, first = (
        next(line for line in text.splitlines() if line.startswith(word)) for word in ("version", "effective_from")
    )
    later = text.replace(version, 'version = "later"').replace(first, f"effective_from = {since}")
    path.with_name("later.toml").write_text(later, encoding="utf-8")
    last = date.fromisoformat(since).toordinal() - 1
    edit(path, first, f"{first}\neffective_to = {date.fromordinal(last)}")
    assert f"  · {said}\n" in preview(folder)
