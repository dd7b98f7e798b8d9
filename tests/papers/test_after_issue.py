"""出具之后: signed or refused, served, scanned, corrected, verified, and read by those whom it concerns."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from evidence.papers.models import Paper
from evidence.papers.views import VerifyThrottle
from hazards.models import Hazard
from safety_api.models import OutboxMessage, TrailLine
from tests.cast import papers
from tests.cast.papers import PAPERS, as_text, signature_png, today, words_of_docx, words_of_pdf
from tests.cast.pictures import AVIF, HEIC, mpo, noise
from tests.cast.uploads import cut
from tests.cast.visits import POINT, picture

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"scan" * 50 + b"\n%%EOF\n"


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def now(**before) -> str:
    return (timezone.now() - timedelta(**before)).isoformat()


def a_signature(**fields) -> dict:
    return {
        "party": "unit", "name": "张小三", "post": "矿长", "signed_at": now(), "image": as_text(signature_png()), "location": POINT, **fields,
    }  # fmt: skip


def a_service(**fields) -> dict:
    return {"how": "direct", "received_by": "张小三", "post": "矿长", "place": "矿调度室", "served_at": now(), **fields}


def post(as_, paper, what, body, who="inspector"):
    return as_(who).post(f"{PAPERS}/{paper['id']}/{what}", body, format="json")


def put_scan(as_, paper, content=PDF, query="", who="inspector", media_type="application/pdf"):
    return as_(who).put(f"{PAPERS}/{paper['id']}/scan{query}", content, content_type=media_type)


# --- signatures -----------------------------------------------------------------------------------------------------------------
def test_signatures_are_printed_on_the_paper_with_time_and_place(paper, as_):
    before = as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf").content
    assert post(as_, paper, "signatures", a_signature()).status_code == 201
    officer = a_signature(party="officer", name="张巡", post="", image=as_text(signature_png(stroke=3)))
    assert post(as_, paper, "signatures", officer).status_code == 201
    answered = as_("inspector").get(f"{PAPERS}/{paper['id']}").json()
    assert [(each["party"], each["name"]) for each in answered["signatures"]] == [
        ("unit", "张小三"),
        ("officer", "张巡"),
    ]
    assert answered["signatures"][0]["location"] == {"lon": POINT["lon"], "lat": POINT["lat"], "crs": "wgs84"}
    pdf = as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf").content
    assert len(pdf) > len(before) and "张小三矿长" in words_of_pdf(pdf)
    docx = as_("inspector").get(f"{PAPERS}/{paper['id']}.docx").content
    assert papers.pictures_in_docx(docx) == 3 and "张小三矿长" in words_of_docx(docx)
    assert answered["sha256"] == paper["sha256"]  # a help beside the record, never a part of it


BAD_IMAGES = [
    (as_text(picture(1)), "not_a_signature"), (as_text(b"\x89PNG\r\n\x1a\nbroken"), "not_a_signature"), ("####", "base64"),
    (as_text(signature_png((2400, 100))), "not_a_signature"), ("QUJD" * 70_000, "max_length"),
]  # fmt: skip


@pytest.mark.parametrize("image, code", BAD_IMAGES, ids=["jpeg", "broken", "no base64", "too wide", "too long"])
def test_a_signature_image_must_be_a_small_valid_png(paper, as_, image, code):
    answer = post(as_, paper, "signatures", a_signature(image=image))
    assert answer.status_code == 400
    assert code in (answer.json()["code"], *(each["code"] for each in answer.json()["errors"]))


def test_only_the_officers_named_in_a_paper_may_sign_as_officers(paper, as_):
    answer = post(as_, paper, "signatures", a_signature(party="officer", name="李查"))
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_its_officer", "/name")


@pytest.mark.parametrize("moment, code", [({"hours": 1}, "before_the_paper"), ({"hours": -1}, "in_the_future")])
@pytest.mark.parametrize("what", ["signatures", "refusals", "service"])
def test_events_of_a_paper_before_its_issue_or_in_the_future_are_refused(paper, as_, what, moment, code):
    bodies = {
        "signatures": a_signature(signed_at=now(**moment)),
        "refusals": {"name": "张小三", "reason": "不认可", "refused_at": now(**moment)},
        "service": a_service(served_at=now(**moment)),
    }
    assert code_of(post(as_, paper, what, bodies[what])) == (400, code)


def test_a_township_cannot_sign_serve_or_scan_an_enforcement_paper(paper, as_):
    assert code_of(post(as_, paper, "signatures", a_signature(), who="township")) == (403, "forbidden")
    assert code_of(post(as_, paper, "service", a_service(), who="township")) == (403, "forbidden")
    assert code_of(put_scan(as_, paper, who="township")) == (403, "forbidden")


# --- refusal ----------------------------------------------------------------------------------------------------------------------
def test_a_refusal_to_sign_is_stored_printed_and_sent_as_a_message(paper, as_):
    body = {"name": "张小三", "post": "矿长", "reason": "对认定有异议", "witnesses": ["赵安"], "refused_at": now()}
    assert post(as_, paper, "refusals", body).status_code == 201
    words = words_of_pdf(as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf").content)
    assert "张小三（矿长）拒绝签名，理由：对认定有异议。在场人员：赵安。" in words
    assert OutboxMessage.objects.get(topic="paper.refused").payload == {"paper": paper["id"]}
    line = TrailLine.objects.get(verb="paper.refuse")
    assert "张小三" not in str(line.details)


# --- service ------------------------------------------------------------------------------------------------------------------------
def test_a_service_receipt_can_be_issued_only_after_the_service(paper, issue, as_):
    receipt = {"kind": "service_receipt", "subject": ("paper", UUID(paper["id"]))}
    assert code_of(issue(**receipt)) == (409, "not_served")
    assert post(as_, paper, "service", a_service()).status_code == 201
    made = issue(**receipt).json()
    facts = made["record"]["facts"]
    assert (facts["paper_number"], facts["how"], facts["received_by"]) == (paper["number"], "直接送达", "张小三")
    assert made["subject"] == paper["id"] and made["enterprise"] == paper["enterprise"]


def test_service_by_leaving_the_paper_needs_a_witness(paper, as_):
    assert code_of(post(as_, paper, "service", a_service(how="left"))) == (400, "witness_required")


# --- the original ---------------------------------------------------------------------------------------------------------------------
def test_a_scan_is_kept_byte_for_byte_and_replaced_only_as_a_new_version(paper, as_):
    assert [put_scan(as_, paper).status_code for _ in range(2)] == [201, 200]
    assert code_of(put_scan(as_, paper, PDF + b"%%EOF")) == (409, "scan_stands")
    second = put_scan(as_, paper, PDF + b"%%EOF", "?again=true")
    assert (second.status_code, second.json()["version"]) == (201, 2)
    client = as_("inspector")
    read = {
        query: b"".join(client.get(f"{PAPERS}/{paper['id']}/scan{query}")) for query in ("", "?version=1", "?version=2")
    }
    assert (read["?version=1"], read["?version=2"], read[""]) == (PDF, PDF + b"%%EOF", PDF + b"%%EOF")
    assert client.get(f"{PAPERS}/{paper['id']}/scan?version=3").status_code == 404
    assert [each["version"] for each in client.get(f"{PAPERS}/{paper['id']}").json()["scans"]] == [1, 2]


SCANS = [
    (PDF, "image/png", 201, None), (picture(1), "image/jpeg", 201, None), (picture(1, form="PNG"), "image/png", 201, None),
    (HEIC, "application/pdf", 201, None), (AVIF, "image/jpg", 201, None), (picture(1, form="WEBP"), "image/webp", 201, None), (mpo(), "image/jpeg", 201, None),
    (picture(1)[:-40], "image/jpeg", 400, "not_a_scan"), (picture(1)[:-2], "image/jpeg", 400, "not_a_scan"),
    (noise("PNG")[:-900], "image/png", 400, "not_a_scan"), (HEIC[:-9], "image/heic", 400, "not_a_scan"),
    (b"<html>hello</html>", "application/pdf", 400, "not_a_scan"), (PDF[:-7], "application/pdf", 400, "not_a_scan"),
    (b"", "application/pdf", 400, "empty_photo"), (b"MZ\x90", "image/jpeg", 400, "not_a_scan"),
]  # fmt: skip


@pytest.mark.parametrize("content, said, status, code", SCANS)
def test_the_type_of_a_scan_is_determined_by_its_bytes(paper, as_, content, said, status, code):
    answer = put_scan(as_, paper, content, media_type=said)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_half_of_a_scan_is_not_taken_for_whole(paper, as_):
    long = PDF[:-7] + b"\n%%EOF\n" * 90  # half of it is a PDF too
    address = f"{PAPERS}/{paper['id']}/scan"
    assert code_of(cut(as_("inspector"), "PUT", address, long)) == (400, "cut_off")
    assert as_("inspector").get(f"{PAPERS}/{paper['id']}").json()["scans"] == []
    assert put_scan(as_, paper, long).status_code == 201


def test_a_scan_is_served_under_the_type_of_its_bytes(paper, as_):
    put_scan(as_, paper, HEIC, media_type="application/pdf")
    assert as_("inspector").get(f"{PAPERS}/{paper['id']}/scan")["Content-Type"] == "image/heic"


@pytest.mark.parametrize("content, shown", [(HEIC, "image/webp"), (PDF, "application/pdf")], ids=["heic", "pdf"])
def test_a_photographed_scan_can_be_seen_in_any_browser(paper, as_, content, shown):
    put_scan(as_, paper, content)
    answer = as_("inspector").get(f"{PAPERS}/{paper['id']}/scan?size=screen")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (shown, "nosniff")


def test_a_scan_above_the_size_limit_is_refused(paper, as_, settings):
    settings.PHOTO_MAX_BYTES = 100
    assert code_of(put_scan(as_, paper)) == (413, "scan_too_large")


def test_a_scan_is_served_sandboxed_and_without_sniffing(paper, as_):
    put_scan(as_, paper)
    answer = as_("enterprise").get(f"{PAPERS}/{paper['id']}/scan")
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )


# --- correction -------------------------------------------------------------------------------------------------------------------------
def correct(as_, people, paper, who="inspector", **fields):
    body = {"reason": "整改期限误写", "officers": [str(people["department"].pk)], "fields": fields}
    return as_(who).post(f"{PAPERS}/{paper['id']}/correct", body, format="json")


def test_a_correction_is_a_new_paper_and_the_old_one_refers_to_it(paper, officers, as_):
    later = (today() + timedelta(20)).isoformat()
    answer = correct(as_, officers, paper, deadline=later)
    made = answer.json()
    assert (answer.status_code, made["replaces"], made["correction"]) == (201, paper["id"], "整改期限误写")
    assert made["number"].endswith("〕2号") and made["sha256"] != paper["sha256"]
    old = as_("inspector").get(f"{PAPERS}/{paper['id']}").json()
    assert (old["corrected_by"], old["record"], old["sha256"]) == (made["number"], paper["record"], paper["sha256"])
    words = words_of_pdf(as_("inspector").get(f"{PAPERS}/{paper['id']}.pdf").content)
    assert f"本文书已由{made['number']}更正" in words and "已更正" in words
    assert f"本文书更正{paper['number']}" in words_of_pdf(as_("inspector").get(f"{PAPERS}/{made['id']}.pdf").content)


def test_only_the_last_paper_of_a_chain_can_be_corrected(paper, officers, as_):
    second = correct(as_, officers, paper).json()
    assert code_of(correct(as_, officers, paper)) == (409, "paper_corrected")
    third = correct(as_, officers, second).json()
    assert [Paper.objects.get(pk=third["id"]).replaces_id, Paper.objects.get(pk=second["id"]).replaces_id] == [
        UUID(second["id"]), UUID(paper["id"]),
    ]  # fmt: skip
    uncorrected = as_("inspector").get(f"{PAPERS}?corrected=false").json()["results"]
    assert [each["id"] for each in uncorrected] == [third["id"]]


def test_a_corrected_paper_can_no_longer_be_signed_or_served(paper, officers, as_):
    correct(as_, officers, paper)
    assert code_of(post(as_, paper, "signatures", a_signature())) == (409, "paper_corrected")
    assert code_of(post(as_, paper, "service", a_service())) == (409, "paper_corrected")
    assert put_scan(as_, paper).status_code == 201  # its own original may still come


def test_only_those_who_may_issue_a_paper_may_correct_it(paper, officers, as_):
    assert correct(as_, officers, paper, who="township").status_code == 403
    assert correct(as_, officers, paper, who="inspector2").status_code == 404


# --- verification -------------------------------------------------------------------------------------------------------------------------
def test_anyone_can_verify_a_paper_by_its_code_without_seeing_personal_data(paper, officers, as_):
    address = f"/api/v1/verify/{paper['code']}"
    answered = as_(None).get(address).json()
    assert answered == {
        "number": paper["number"], "title": "责令限期整改指令书", "organ": "兴县应急管理局", "issued_on": paper["issued_on"],
        "sha256": paper["sha256"], "corrected": False, "corrected_by": None, "is_demo": False,
    }  # fmt: skip
    made = correct(as_, officers, paper).json()
    answered = as_(None).get(address.lower().replace("-", "")).json()
    assert (answered["corrected"], answered["corrected_by"]) == (True, made["number"])


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC-DDDD", "x", "核验码", "%00", "A" * 300])
def test_an_invalid_verification_code_is_not_found(paper, as_, code):
    assert as_(None).get(f"/api/v1/verify/{code}").status_code == 404


def test_trying_many_verification_codes_is_throttled(as_, db):
    client = as_(None)
    client.defaults["REMOTE_ADDR"] = "10.79.3.1"
    codes = [client.get(f"/api/v1/verify/{'A' * 16}").status_code for _ in range(VerifyThrottle().num_requests + 1)]
    assert codes[-1] == 429 and set(codes[:-1]) == {404}


# --- who reads ------------------------------------------------------------------------------------------------------------------------------
READERS = [
    ("inspector", 200), ("township", 200), ("leader", 200), ("village", 200), ("department", 200), ("bureau", 200), ("committee", 200),
    ("duty", 200), ("enterprise", 200), ("inspector2", 404), ("sysadmin", 403), ("auditor", 403),
]  # fmt: skip


@pytest.mark.parametrize("who, status", READERS)
def test_a_paper_is_read_in_its_jurisdiction_and_by_its_unit(paper, as_, who, status):
    client = as_(who)
    for ending in ("", ".pdf", ".docx"):
        assert client.get(f"{PAPERS}/{paper['id']}{ending}").status_code == status
    listed = client.get(PAPERS)
    assert listed.status_code == (403 if status == 403 else 200)
    assert status == 403 or len(listed.json()["results"]) == (1 if status == 200 else 0)


def test_a_unit_cannot_see_inspection_plans_and_approval_forms(issue, unit, as_):
    soon = today().isoformat()
    made = [
        issue(kind, subject=("enterprise", unit.pk), check_on=soon).json()
        for kind in ("approval_form", "inspection_plan", "inspection_notice")
    ]
    assert [each["title"] for each in as_("enterprise").get(PAPERS).json()["results"]] == ["行政检查通知书"]
    assert as_("enterprise").get(f"{PAPERS}/{made[0]['id']}").status_code == 404


def test_steps_on_a_paper_of_another_jurisdiction_are_not_found(paper, as_):
    for what, body in (("signatures", a_signature()), ("service", a_service()), ("correct", {"reason": "误写"})):
        assert post(as_, paper, what, body, who="inspector2").status_code == 404
    assert put_scan(as_, paper, who="inspector2").status_code == 404


FILTERS = [
    ("kind=rectify_order", 1), ("kind=transfer", 0), ("subject_kind=hazard", 1), (f"subject={papers.HAZARD}", 1), (f"subject={papers.OTHER}", 0),
    ("department=emergency", 1), ("department=energy", 0), (f"year={today().year}", 1), ("year=2020", 0), (f"enterprise={papers.MINE}", 1),
    ("nature=law", 1), ("nature=notice", 0), ("corrected=false", 1), ("corrected=true", 0),
]  # fmt: skip


@pytest.mark.parametrize("query, found", FILTERS)
def test_the_list_is_filtered_by_its_parameters(paper, as_, query, found):
    assert len(as_("inspector").get(f"{PAPERS}?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    "query, code", [("department=space", "unknown_department"), ("year=x", "invalid"), ("colour=red", "bad_parameter")]
)
def test_an_invalid_parameter_is_refused(paper, as_, query, code):
    assert code_of(as_("inspector").get(f"{PAPERS}?{query}")) == (400, code)


# --- budgets ----------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_three_queries_at_any_length(issue, hazard, as_, officers, rows, django_assert_max_num_queries):
    from evidence.papers import actions

    for _ in range(rows):
        actions.issue("rectify_order", hazard, by=officers["inspector"], officers=[officers["department"].pk])
    client = as_("inspector")
    with django_assert_max_num_queries(3):  # token · stamp · papers with what corrected them
        assert len(client.get(f"{PAPERS}?limit=100").json()["results"]) == rows


@pytest.mark.parametrize("ending, queries", [("", 6), (".pdf", 4), (".docx", 4)])
def test_reading_a_paper_takes_a_fixed_number_of_queries(paper, as_, ending, queries, django_assert_max_num_queries):
    for number in range(3):
        assert (
            post(as_, paper, "signatures", a_signature(image=as_text(signature_png(stroke=number)))).status_code == 201
        )
    client = as_("inspector")
    with django_assert_max_num_queries(queries):  # token · paper · signatures · refusals (· services · scans)
        assert client.get(f"{PAPERS}/{paper['id']}{ending}").status_code == 200


def test_issuing_a_paper_takes_a_fixed_number_of_statements(officers, hazard, django_assert_max_num_queries):
    from evidence.papers import actions

    Hazard.objects.update(state="ordered")
    # savepoint in tests, users, certificates, steps, the hazard held and its unit, counter, paper, trail, message
    with django_assert_max_num_queries(15):
        actions.issue(
            "rectify_order", Hazard.objects.get(), by=officers["inspector"], officers=[officers["department"].pk]
        )


def test_an_unchanged_list_of_papers_is_a_304(paper, as_):
    client = as_("inspector")
    tag = client.get(PAPERS)["ETag"]
    assert client.get(PAPERS, headers={"If-None-Match": tag}).status_code == 304
