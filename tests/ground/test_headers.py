"""Headers: a browser may load nothing foreign, frame nothing of ours, and no proxy keeps what is personal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

PAGES = ["/", "/api/v1/docs", "/admin/login/"]
DATA = ["/healthz", "/api/v1/me", "/api/v1/nothing"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_only_from_its_own_host_and_runs_no_inline_script(client, db, address):
    answer = client.get(address)
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert answer.status_code == 200
    told = {part: policy.get(part, policy["default-src"]) for part in ("script-src", "object-src")}
    assert (told, policy["frame-ancestors"]) == ({"script-src": "'self'", "object-src": "'none'"}, "'none'")
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)", page) and not re.search(r"\son\w+=", page)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize("address", DATA)
def test_data_answers_forbid_loading_anything(client, db, address):
    assert client.get(address)["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("address", PAGES + DATA)
def test_every_answer_has_the_security_headers(client, db, address):
    answer = client.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
    assert answer["X-Trace-Id"]
    assert "Server" not in answer


def test_the_api_docs_page_loads_its_files_from_this_server_only():
    page = render_to_string("safety_api/docs.html")
    files = re.findall(r"""(?:src|href)="/static/([^"]+)""", page)
    assert len(files) == 3 and all(finders.find(file) for file in files)
    script = Path(finders.find("safety_api/docs.js")).read_text()
    assert "http:" not in script and "https:" not in script


def test_the_start_page_links_docs_sign_in_and_readiness(client):
    page = client.get("/").content.decode()
    assert all(f'href="{each}"' in page for each in ("/login", "/m/", "/api/v1/docs", "/readyz"))


def test_health_is_answered_under_any_host_name(client):
    assert client.get("/healthz", headers={"Host": "web:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "web:8000"}).status_code == 400


def test_a_log_line_holds_no_query_no_body_and_no_token(client, db, caplog):
    caplog.set_level("INFO", logger="safety.request")
    client.get("/api/v1/regions?q=张三", headers={"Authorization": "Bearer geheim"})
    (record,) = [each for each in caplog.records if each.name == "safety.request"]
    assert (record.path, record.status, record.method) == ("/api/v1/regions", 401, "GET")
    assert "geheim" not in str(record.__dict__) and "张三" not in str(record.__dict__)


def test_a_log_line_is_one_json_object_with_the_trace(client, db):
    import json
    import logging

    from safety_api.logs import json_formatter, new_trace

    trace = new_trace()
    record = logging.LogRecord("safety.request", logging.INFO, "", 0, "request", None, None)
    record.path = "/煤矿"
    line = json_formatter().format(record)
    shown = json.loads(line)
    assert (shown["event"], shown["path"], shown["trace_id"], shown["level"]) == ("request", "/煤矿", trace, "info")
    assert "\n" not in line
