"""主题: every word of the outbox is declared by the app that says it, is heard by somebody or waits for an open issue, and is listed."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from safety_api import outbox
from safety_api.models import OutboxMessage
from safety_api.outbox import Topic, UnknownTopic, WrongPayload

ROOT = Path(settings.BASE_DIR)
SAID = {
    topic: app
    for app in settings.OUR_APPS
    if importlib.util.find_spec(f"{app}.topics")
    for topic in importlib.import_module(f"{app}.topics").TOPICS
}
NAMES = {topic.name: app for topic, app in SAID.items()}
PAGE = ROOT / "docs/topics.md"


def hearers(topic: Topic) -> list[str]:
    return [each.__module__ for each in outbox.HANDLERS.get(topic.name, ()) if not each.__module__.startswith("tests.")]


def row(topic: Topic) -> str:
    heard = ", ".join(sorted({f"`{each.split('.')[0]}`" for each in hearers(topic)})) or f"issue {topic.waits_for}"
    return f"| `{topic.name}` | `{SAID[topic]}` | {topic.says} | {', '.join(topic.keys) or '—'} | {heard} |"


# --- declared -------------------------------------------------------------------------------------------------------------
def test_every_topic_is_declared_by_one_app_only():
    assert len(NAMES) == len(SAID) and set(NAMES) <= set(outbox.TOPICS)


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_every_topic_has_a_handler_or_names_the_issue_that_will_add_one(topic):
    assert bool(hearers(topic)) != bool(topic.waits_for)


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_a_handler_is_named_after_its_topic(topic):
    named = {each.__name__ for each in outbox.HANDLERS.get(topic.name, ()) if not each.__module__.startswith("tests.")}
    assert named <= {f"on_{topic.name.replace('.', '_')}"}


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_no_app_handles_topics_of_an_app_above_it(topic):
    floors = settings.OUR_APPS
    assert all(floors.index(each.split(".")[0]) >= floors.index(SAID[topic]) for each in hearers(topic))


def words_sent(app: str) -> Iterator[str]:
    for path in (ROOT / app).rglob("*.py"):
        if path.name not in ("topics.py", "handlers.py") and "migrations" not in path.parts:
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            yield from (each.value for each in nodes if isinstance(each, ast.Constant) and each.value in NAMES)


def test_every_declared_topic_is_sent_by_its_own_app_only():
    assert {(word, app) for app in settings.OUR_APPS for word in words_sent(app)} == set(NAMES.items())


# --- the page -------------------------------------------------------------------------------------------------------------
def test_the_topics_page_lists_every_topic():
    shown = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert shown == [row(topic) for topic in SAID]


# --- sent -----------------------------------------------------------------------------------------------------------------
def test_sending_an_unknown_topic_is_refused(db):
    with pytest.raises(UnknownTopic, match=r"hazard\.mooved"):
        outbox.send("hazard.mooved", {"hazard": "1", "step": "pass"})
    assert not OutboxMessage.objects.exists()


def test_registering_a_handler_for_an_unknown_topic_is_refused():
    with pytest.raises(UnknownTopic, match=r"hazard\.mooved"):
        outbox.handles("hazard.mooved")
    assert "hazard.mooved" not in outbox.HANDLERS


@pytest.mark.parametrize(
    "payload", [{}, {"hazard": "1"}, {"hazard": "1", "step": "pass", "by": "1"}, {"step": "pass", "id": "1"}]
)
def test_a_payload_with_undeclared_keys_is_refused_and_nothing_is_sent(db, payload):
    with pytest.raises(WrongPayload, match=r"hazard\.moved"):
        outbox.send_all([("clock.turn", {"on": "2026-11-23"}), ("hazard.moved", payload)])
    assert not OutboxMessage.objects.exists()
