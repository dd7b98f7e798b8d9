"""Whoever sets tasks, cancels some, and moves units from one township to the other meanwhile, over a line as bad as the phones': what sync
has to bring, and to take away again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from chaos.books import Step
from chaos.client import Connection, Said
from chaos.phones import Phone


@dataclass
class Move:
    """Of a unit to another village; it stands when the unit was seen to be there."""

    unit: str
    region: str
    stands: bool = False


@dataclass
class Task(Step):
    made: str = ""
    cancel: Step | None = None


class Office(Phone):
    """`wanted` tasks, and half as many moves."""

    def __init__(self, *words: Any):
        super().__init__(*words)
        self.tasks: list[Task] = []
        self.moves: list[Move] = []

    @property
    def busy(self) -> bool:
        return len(self.tasks) < self.wanted or bool(self.undone)

    @property
    def undone(self) -> list[str]:
        moves = [f"move of {move.unit}" for move in self.moves if not move.stands]
        return moves + [f"task {task.id}" for task in self.tasks if not task.stands or (task.cancel and not task.cancel.stands)]

    def _make(self) -> None:
        with self._making:
            if len(self.tasks) < self.wanted and len(self.undone) < 3 and self._units("查") and self.book.lists.get("people"):
                self._set_task()
                if len(self.tasks) % 2:
                    self._move_unit()

    def _set_task(self) -> None:
        key, unit = self.maker.new_id(), self.drawn.choice(self._units("查"))
        people = sorted(each["id"] for each in self.book.lists["people"] if each["name"].startswith(f"巡{unit['region'][6:9]}"))
        body = {
            "enterprise": unit["id"], "due_on": (date.today() + timedelta(days=20)).isoformat(), "note": key,
            "assignees": self.drawn.sample(people, min(3, len(people))),
        }  # fmt: skip
        self.tasks.append(Task("tasks", body, key, after=None))

    def _units(self, of: str) -> list[dict[str, Any]]:
        return sorted((each for each in self.book.known("enterprises") if each["name"].startswith(of)), key=lambda each: each["id"])

    def _move_unit(self) -> None:
        moved = {move.unit for move in self.moves}
        units = [each for each in self._units("迁") if each["id"] not in moved]
        if units:
            unit = self.drawn.choice(units)
            elsewhere = {each["region"] for each in self._units("查") if each["region"][:9] != unit["region"][:9]}
            self.moves += [Move(unit["id"], region) for region in sorted(elsewhere)[:1]]

    def _work(self, line: Connection) -> list[Callable[[], None]]:
        work: list[Callable[[], None]] = [partial(self._set, line, task) for task in self.tasks if not task.stands]
        work += [partial(self._step, line, task.cancel) for task in self.tasks if task.cancel and not task.cancel.stands]
        return work + [partial(self._move, line, move) for move in self.moves if not move.stands]

    def _set(self, line: Connection, task: Task) -> None:
        said = self._json(line, "tasks", "POST", task.path, task.body, Idempotency_Key=task.id)
        if said is not None and said.status == 201:
            if not task.stands and self.drawn.random() < 0.5:
                task.cancel = Step(f"tasks/{said.told['id']}/cancel", {"reason": "已合并到其他任务"}, self.maker.new_id(), after=task)
            task.made, task.stands = said.told["id"], True
        elif said is not None and said.code == "cannot_make_visit":
            self._set_anew(task, said)
        elif said is not None:
            self._refused("task", said)

    def _set_anew(self, task: Task, said: Said) -> None:
        """Whoever was locked meanwhile can be given no task: the office sets another one, without them. The refused one came to nothing."""
        gone = {int(each["pointer"].rpartition("/")[2]) for each in said.told["errors"]}
        left = [person for number, person in enumerate(task.body["assignees"]) if number not in gone]
        with self._making:
            if task in self.tasks:  # the other line may have been told the same
                key = self.maker.new_id()
                self.tasks[self.tasks.index(task)] = Task("tasks", {**task.body, "note": key, "assignees": left}, key, after=None)

    def _move(self, line: Connection, move: Move) -> None:
        """What stands is read first, so that a move that arrives late undoes no other (If-Match)."""
        shown = self._ask(line, "moves", "GET", f"enterprises/{move.unit}")
        if shown is None or shown.status != 200:
            return
        if shown.told["region"] == move.region:
            move.stands = True
            return
        said = self._json(line, "moves", "PATCH", f"enterprises/{move.unit}", {"region": move.region}, If_Match=shown.headers["etag"])
        if said is not None and said.status not in (200, 412):
            self._refused("move", said)
