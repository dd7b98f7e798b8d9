"""Papers, scans and signatures while the storage is away, or has not kept them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from evidence import bucket
from evidence.papers.actions import sign_in_field
from evidence.papers.models import Paper
from safety_api.problems import Problem
from tests.cast.papers import PAPERS, as_text, signature_png
from tests.cast.storages import ALL_FAULTS, AWAY, a_bucket, a_folder, said, says_no
from tests.cast.visits import POINT, a_photo, a_visit, photo_id, picture
from tests.evidence.test_photos import VISIT, upload

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.7\n" + b"scan" * 50 + b"\n%%EOF\n"


@pytest.fixture(params=["folder", "bucket"])
def kept(request, tmp_path):
    with a_folder(tmp_path / "photos") if request.param == "folder" else a_bucket() as known:
        yield known


def doors(client, paper) -> dict[str, Callable[[], Any]]:
    signature = {
        "party": "unit", "name": "张小三", "post": "矿长", "signed_at": timezone.now().isoformat(), "image": as_text(signature_png()), "location": POINT,
    }  # fmt: skip
    address = f"{PAPERS}/{paper['id']}"
    return {
        "put a photo": lambda: upload(client, picture(3), number=3),
        "read a photo": lambda: client.get(client.get(f"/api/v1/photos/{photo_id(1)}").json()["links"]["original"]),
        "put a scan": lambda: client.put(f"{address}/scan", SCAN, content_type="application/pdf"),
        "read a scan": lambda: client.get(f"{address}/scan"),
        "sign": lambda: client.post(f"{address}/signatures", signature, format="json"),
        "a signed pdf": lambda: client.get(f"{address}.pdf"),
        "a signed docx": lambda: client.get(f"{address}.docx"),
    }


@pytest.fixture
def signed_paper(paper, as_):
    """A paper with its signature and its scan, and a photo: all kept."""
    client = as_("inspector")
    client.put(VISIT[:-1] + "9", a_visit(None, place="东关村口", region="141123100200", hazards=[], photos=[a_photo(1)]), format="json")
    upload(client, picture(1))
    every = doors(client, paper)
    assert {every[name]().status_code for name in ("put a scan", "sign")} == {201}
    return paper


@pytest.mark.parametrize("fault", ALL_FAULTS)
def test_every_door_that_touches_a_failing_bucket_answers_503(signed_paper, as_, fault):
    every = doors(as_("inspector"), signed_paper)
    with says_no(fault):
        heard = {name: said(ask()) for name, ask in every.items()}
    assert heard == dict.fromkeys(every, AWAY)


def test_a_bucket_that_did_not_answer_holds_nobody_up_again(signed_paper, as_, monkeypatch):
    every = doors(as_("inspector"), signed_paper)
    with says_no("silent"):
        monkeypatch.setattr(bucket, "PAUSE", 60)
        every["read a scan"]()
        default_storage.client = None  # is not asked
        assert said(every["put a photo"]()) == AWAY


def test_a_lost_scan_is_told_and_healed_by_the_same_file(kept, signed_paper, as_):
    every = doors(as_("inspector"), signed_paper)
    for name in kept.names():
        kept.remove(name)
    assert {said(every[name]())[:2] for name in ("read a scan", "a signed pdf")} == {(503, "not_in_storage")}
    assert [every["put a scan"]().status_code, every["read a scan"]().status_code] == [200, 200]


def test_a_signature_given_in_the_field_is_not_left_out_while_the_storage_is_away(kept, paper, people):
    given = {"party": "unit", "name": "张小三", "post": "矿长", "signed_at": timezone.now().isoformat(), "image": as_text(signature_png())}
    kept.write("original/aa/bb/some", b"")
    with kept.away(), pytest.raises(Problem, match="storage_unavailable"):
        sign_in_field(Paper.objects.get(pk=paper["id"]), by=people["inspector"], **given)
    assert sign_in_field(Paper.objects.get(pk=paper["id"]), by=people["inspector"], **given)
