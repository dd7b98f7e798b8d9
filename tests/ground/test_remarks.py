"""提示: every remark is declared once, is used, fits its column and is listed with its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from safety_api.remarks import Remark

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs/remarks.md"
CODE = {
    path: path.read_text(encoding="utf-8")
    for app in settings.OUR_APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
}
USED = {word for text in CODE.values() for word in re.findall(r"\bRemark\.([A-Z_]+)\b", text)}
COLUMNS = [model for model in apps.get_models() if hasattr(model, "content_sha256") and hasattr(model, "warnings")]


@pytest.mark.parametrize("remark", Remark, ids=str)
def test_every_remark_is_used_by_the_code(remark):
    assert remark.name in USED


def test_every_remark_in_the_code_is_declared():
    assert set(Remark.names) >= USED


def test_the_remarks_page_lists_every_remark_with_its_sentence():
    shown = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == [(remark.value, remark.label) for remark in Remark]


def test_records_of_the_field_have_room_for_every_remark():
    room = {model.__name__: model._meta.get_field("warnings").base_field.max_length for model in COLUMNS}
    assert sorted(room) == ["Accident", "Hazard", "Inspection", "SelfCheck"]
    assert max(map(len, Remark.values)) <= min(room.values())


def test_no_word_of_a_remark_is_added_to_a_record_by_hand():
    by_hand = re.compile(
        rf'\[?"({"|".join(Remark.values)})"\]? (if|else)|(append|_remark)\(.*"({"|".join(Remark.values)})"'
    )
    assert [(str(path), found[0]) for path, text in CODE.items() if (found := by_hand.search(text))] == []
