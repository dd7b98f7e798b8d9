"""网页 The pages' files: built from all their sources, anew when one of them changes, for browsers of 2020."""

import json
import re

import pytest

from ops import pages
from ops.home import PROJECT
from pages.assets import assets, edition
from phone.pages import kept


def test_what_is_built_is_made_of_the_sources_that_lie_there():
    assert (pages.BUILT / ".made-of").read_text() == pages.digest()


def test_another_source_is_another_build(monkeypatch, tmp_path):
    (tmp_path / "phone" / "assets").mkdir(parents=True)
    (tmp_path / "package.json").write_text("{}")
    monkeypatch.setattr(pages, "PROJECT", tmp_path)
    before = pages.digest()
    (tmp_path / "phone" / "assets" / "app.js").write_text("let a = 1")
    assert pages.digest() != before


def test_the_lock_names_no_registry_and_every_package_has_its_digest():
    packages = json.loads((PROJECT / "package-lock.json").read_text())["packages"]
    assert not [name for name, each in packages.items() if name and ("resolved" in each or not each.get("integrity"))]


@pytest.mark.parametrize("name", ["phone/app.js", "phone/worker.js"])
def test_a_script_names_no_other_host(name):
    assert not re.findall(rb"https?://(?!www\.w3\.org/)[\w.-]+", assets()[name].content)


def test_the_phone_keeps_every_file_of_its_page_under_one_edition():
    files = kept()
    assert {f"/assets/{edition()}/phone/app.js", f"/assets/{edition()}/phone/page.css", "/m/"} <= set(files)
    assert not [name for name in files if name.endswith("worker.js")]
