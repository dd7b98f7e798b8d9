"""When a service that died is started again, and when no more."""

import pytest

from ops import lives
from ops.home import Home
from ops.lives import PAUSES, STEADY, Life

MANY = len(PAUSES)


@pytest.mark.parametrize(
    ("life", "alive", "now", "after", "due"),
    [
        (Life(), False, 1000, Life(1, 1, 1000), True),  # the first time at once
        (Life(1, 1, 1000), False, 1000.5, Life(1, 1, 1000), False),  # then after a growing pause
        (Life(1, 1, 1000), False, 1001, Life(2, 2, 1001), True),
        (Life(4, 4, 1000), False, 1007, Life(4, 4, 1000), False),
        (Life(4, 4, 1000), False, 1008, Life(5, 5, 1008), True),
        (Life(5, 5, 1000), True, 1000 + STEADY - 1, Life(5, 5, 1000), False),  # it lives, but not for long yet
        (Life(5, 5, 1000), True, 1000 + STEADY, Life(5, 0, 1000), False),
        (Life(9, MANY, 1000), False, 9000, Life(9, MANY, 1000, given_up=True), False),  # after the last try nobody tries
        (Life(9, MANY, 1000, given_up=True), False, 99_000, Life(9, MANY, 1000, given_up=True), False),
        (Life(9, MANY, 1000, given_up=True), True, 1001, Life(9, 0, 1000), False),  # someone started it by hand
        (Life(3, 0, 0), True, 5, Life(3, 0, 0), False),
    ],
)
def test_a_dead_service_is_started_again_after_a_growing_pause_and_given_up(life, alive, now, after, due):
    assert lives.judged(life, alive=alive, now=now) == (after, due)


def test_the_first_five_starts_come_within_ten_seconds_of_each_other():
    assert max(PAUSES[:5]) <= 10
    assert list(PAUSES) == sorted(PAUSES)


@pytest.fixture
def place(tmp_path) -> Home:
    return Home(tmp_path / "state").open()


def test_the_journal_keeps_lives_and_begins_its_clock_anew_with_the_machine(place, monkeypatch):
    lives.write(place, {"web": Life(2, 1, 500)})
    assert lives.read(place) == {"web": Life(2, 1, 500)}
    monkeypatch.setattr(lives, "boot", lambda: "another")
    assert lives.read(place) == {"web": Life(2, 1, 0)}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"services": {"web": {"odd": 1}}}'])
def test_a_damaged_journal_is_an_empty_one(place, content):
    (place.run / "watch.json").write_text(content)
    assert lives.read(place) == {}


def test_up_tries_again_what_was_given_up_and_still_tells_how_often(place):
    lives.write(place, {"web": Life(9, MANY, 500, given_up=True)})
    lives.hope_again(place)
    assert lives.read(place) == {"web": Life(restarts=9)}
