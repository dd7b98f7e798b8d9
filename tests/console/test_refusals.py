"""What no view answered is told a browser in words, and every other client as the API does."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from tests.console.test_lists import words

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("path", ["/nothing", "/hazards/x", "/ranking/141123100/x"])
def test_an_address_that_leads_nowhere(client, path):
    page = client.get(path, headers=BROWSER)
    assert page.status_code == 404 and "没有这个页面" in words(page)
    assert client.get(path).headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/m/nothing", "/assets/x/y.js"])
def test_what_is_no_page_is_answered_as_ever(client, path):
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 404 and "没有这个页面" not in answer.content.decode()


def test_a_form_that_did_not_come_from_here(db):
    page = Client(enforce_csrf_checks=True).post("/login", {"username": "leader", "password": "x"}, headers=BROWSER)
    assert page.status_code == 403 and "这个表单放得太久" in words(page)


def test_a_page_whose_database_is_away_says_so_without_asking_it(client, monkeypatch):
    def away(*_, **__):
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.get", away)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "x" * 32
    page = client.get("/hazards", headers=BROWSER)
    assert page.status_code == 503 and "暂时不可用" in words(page)
