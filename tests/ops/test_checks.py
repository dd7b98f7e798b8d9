"""What ./safety test leaves out, --all runs; what --quick takes is there."""

import pytest
from _pytest.mark.expression import Expression

from ops import checks
from ops.home import PROJECT

MARKS = [set(), {"foreign"}, {"hypothesis"}, {"foreign", "hypothesis"}]


def takes(words: tuple[str, ...], marks: set[str]) -> bool:
    return Expression.compile(words[words.index("-m") + 1]).evaluate(lambda name, **_: name in marks)


@pytest.mark.parametrize("marks", MARKS, ids=lambda marks: " ".join(sorted(marks)) or "none")
def test_all_runs_every_test_whatever_its_marks(marks):
    _, runs = checks.plan(("--all",))
    assert any(takes(words, marks) for words in runs)


def test_plain_runs_all_but_foreign_engines():
    _, (plain,) = checks.plan(())
    assert [takes(plain, marks) for marks in MARKS] == [True, False, True, False]


def test_all_begins_with_plain_and_repeats_only_properties():
    _, (first, rest) = checks.plan(("--all",))
    assert first == checks.PLAIN
    assert not takes(rest, set())


def test_words_are_pytests_own():
    assert checks.plan(("tests/geo", "-x")) == ((), [("tests/geo", "-x")])


def test_quick_takes_something_of_every_folder_of_tests():
    folders = {path.parent.name for path in (PROJECT / "tests").glob("*/test_*.py")}
    assert folders - {file.split("/")[1] for file in checks.quick_files()} == {"bench", "demo"}
