"""Who may become what: one table a noun feeds the code, the answer 409, the schema and the picture in the docs.

An app keeps its table. A row may say more than where it begins and ends (the parties of a hazard, the signers of a closing):
a dataclass of its own that extends `Step`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import TextChoices

from safety_api.problems import WRONG_STEP, Problem, ProblemKind

MANY = 4  # a step from so many states is told in a note: arrows from everywhere hide the flow


@dataclass(frozen=True)
class Step:
    name: str
    label: str
    before: frozenset[Any]
    after: Any  # None: the state stays

    @property
    def title(self) -> str:
        return self.label

    @property
    def offered(self) -> bool:
        """Somebody may take it; not only the system."""
        return True


def step(name: str, label: str, *before: Any, to: Any = None) -> Step:
    return Step(name, label, frozenset(before), to)


Row = TypeVar("Row", bound=Step)


class Flow(Generic[Row]):
    """The rows of one noun in their order. Two rows of one name are the same verb in two loops.

    `begins`: how a record comes into being, state → words of the picture; `named`: sets of states that have a word.
    """

    def __init__(
        self,
        states: type[TextChoices],
        *rows: Row,
        begins: Mapping[Any, str] | None = None,
        named: Mapping[frozenset[Any], str] | None = None,
    ) -> None:
        self.states, self.rows = states, rows
        self.by_name: dict[str, tuple[Row, ...]] = {
            name: tuple(row for row in rows if row.name == name) for name in dict.fromkeys(row.name for row in rows)
        }
        self._begins, self._named = begins or {}, named or {}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def from_here(self, state: str, name: str) -> list[Row]:
        """The rows of this name that begin here. Raises WRONG_STEP when there is none."""
        found = [row for row in self.by_name[name] if state in row.before]
        if not found:
            raise self.wrong(state, name)
        return found

    def after(self, state: str, name: str) -> Any:
        """Where the step leads. Raises WRONG_STEP."""
        return self.from_here(state, name)[0].after or self.states(state)

    def wrong(self, state: str, name: str, why: str = "", *, kind: ProblemKind = WRONG_STEP) -> Problem:
        """WRONG_STEP with what stands in the way, or else with what is possible."""
        now = why or f"当前状态为“{self.states(state).label}”，不能“{self.by_name[name][0].label}”"
        possible = dict.fromkeys(row.label for row in self if row.offered and state in row.before)
        said = f"{now}；可以：{'、'.join(possible)}" if possible and not why else now
        return kind(state=self.states(state).value, step=name, detail=f"{said}。")

    # --- the docs ------------------------------------------------------------------------------------------------------
    def picture(self) -> str:
        """The flow as a Mermaid diagram."""
        begins = [f"    [*] --> {state}: {said}" for state, said in self._begins.items()]
        arrows = [
            f"    {before} --> {row.after or before}: {row.title}"
            for row in self
            for before in sorted(row.before)
            if len(row.before) < MANY
        ]
        notes = [
            f"    note right of {row.after or self._in_order(row.before)[0]}: {row.title}：{self.said(row.before)}均可"
            for row in self
            if len(row.before) >= MANY
        ]
        return "\n".join(["stateDiagram-v2", *begins, *arrows, *notes])

    def table(self, **more: Callable[[Row], str]) -> str:
        """The same as a table in Markdown; `more`: heading → what stands under it."""
        rows = [
            (
                f"{row.title} `{row.name}`",
                self.said(row.before),
                row.after.label if row.after else "不变",
                *(cell(row) for cell in more.values()),
            )
            for row in self
        ]
        heads = ("步骤", "原状态", "新状态", *more)
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows))

    def said(self, states: frozenset[Any]) -> str:
        """In words, the shorter way round."""
        others = frozenset(self.states) - states
        if states in self._named:
            return self._named[states]
        if len(states) < MANY:
            return "、".join(state.label for state in self._in_order(states))
        return f"除{self.said(others)}外任一状态" if others else "任一状态"

    def _in_order(self, states: frozenset[Any]) -> list[Any]:
        return [state for state in self.states if state in states]
