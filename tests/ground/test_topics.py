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
def test_no_two_apps_say_the_same_word():
    assert len(NAMES) == len(SAID) and set(NAMES) <= set(outbox.TOPICS)


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_a_topic_is_heard_or_names_the_open_issue_that_will_hear_it(topic):
    assert bool(hearers(topic)) != bool(topic.waits_for)


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_a_handler_is_named_for_its_topic(topic):
    named = {each.__name__ for each in outbox.HANDLERS.get(topic.name, ()) if not each.__module__.startswith("tests.")}
    assert named <= {f"on_{topic.name.replace('.', '_')}"}


@pytest.mark.parametrize("topic", SAID, ids=lambda topic: topic.name)
def test_nobody_below_hears_what_is_said_above(topic):
    floors = settings.OUR_APPS
    assert all(floors.index(each.split(".")[0]) >= floors.index(SAID[topic]) for each in hearers(topic))


def words_sent(app: str) -> Iterator[str]:
    for path in (ROOT / app).rglob("*.py"):
        if path.name not in ("topics.py", "handlers.py") and "migrations" not in path.parts:
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            yield from (each.value for each in nodes if isinstance(each, ast.Constant) and each.value in NAMES)


def test_what_is_declared_is_said_by_its_app_and_by_no_other():
    assert {(word, app) for app in settings.OUR_APPS for word in words_sent(app)} == set(NAMES.items())


# --- the page -------------------------------------------------------------------------------------------------------------
def test_the_page_of_topics_is_complete():
    shown = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert shown == [row(topic) for topic in SAID]


# --- sent -----------------------------------------------------------------------------------------------------------------
def test_an_unknown_word_is_refused_when_it_is_sent(db):
    with pytest.raises(UnknownTopic, match=r"hazard\.mooved"):
        outbox.send("hazard.mooved", {"hazard": "1", "step": "pass"})
    assert not OutboxMessage.objects.exists()


def test_an_unknown_word_is_refused_when_somebody_wants_to_hear_it():
    with pytest.raises(UnknownTopic, match=r"hazard\.mooved"):
        outbox.handles("hazard.mooved")
    assert "hazard.mooved" not in outbox.HANDLERS


@pytest.mark.parametrize(
    "payload", [{}, {"hazard": "1"}, {"hazard": "1", "step": "pass", "by": "1"}, {"step": "pass", "id": "1"}]
)
def test_other_keys_than_declared_are_refused_with_all_that_was_to_be_sent(db, payload):
    with pytest.raises(WrongPayload, match=r"hazard\.moved"):
        outbox.send_all([("clock.turn", {"on": "2026-11-23"}), ("hazard.moved", payload)])
    assert not OutboxMessage.objects.exists()
