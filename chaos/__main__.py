"""./safety chaos [--phones 20] [--visits 1000] [--seconds 900] [--seed 1] [--no-page]

--seconds: over how long the visits are made; each process is killed once, and once more for each 65 of them. The end comes when every phone
has its receipts. Exit code 1, and the ids, when anything was lost, doubled or changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from chaos import page as pages
from chaos.books import Book
from chaos.client import Connection
from chaos.comparing import Server, differences, synced_apart
from chaos.figures import figures, progress
from chaos.killing import APART, IN_TURN, Killer
from chaos.lines import Lines
from chaos.office import Office
from chaos.page import PagePhone
from chaos.phones import Officer, Phone
from chaos.tally import Tally
from ops.home import PROJECT, home
from ops.manager import Manager
from ops.show import Failed, complain

PATIENCE = 300  # seconds in which nothing at all gets through: then it is said what is stuck
TELL = 10  # seconds from one line of progress to the next
OFFICE, BUREAU = "chaos-office", "chaos-bureau"  # beside whoever is there already: the cast of the tests
ENOUGH = 6  # visits of one phone: then one of them is of an officer whose account is locked half way
CHECKS = (
    ("留痕封存 seal the trail", "seal_trail"),
    ("留痕核对 the trail is whole", "verify_trail"),
    ("检查次数 counts of visits from nothing", "rebuild_inspection_counts", "--check"),
    ("隐患数字 figures of hazards from nothing", "rebuild_hazard_figures", "--check"),
)


def main() -> int:
    if "CHAOS_PORT" not in os.environ:
        print("Start it with: ./safety chaos", file=sys.stderr)
        return 2
    asked = _read(sys.argv[1:])
    try:
        return Run(asked).whole()
    except Failed as failed:
        complain(failed)
        return 1


def _read(words: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="./safety chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("seed", 1), ("phones", 20), ("visits", 1000), ("seconds", 900)):
        reader.add_argument(f"--{name}", type=int, default=default)
    reader.add_argument("--no-page", action="store_true")
    return reader.parse_args(words)


class Run:
    def __init__(self, asked: argparse.Namespace):
        self.asked, self.place, self.web = asked, home(), int(os.environ["CHAOS_PORT"])
        self.tally, self.began = Tally(), time.monotonic()
        has_page = not asked.no_page and pages.program() is not None
        if not asked.no_page and not has_page:
            print("  ⚠ no chromium: the real page takes no part (apt-get install chromium)")
        names = [f"phone{number + 1:02}" for number in range(asked.phones)]
        self.lines = Lines(self.web, [*names, OFFICE], asked.seed, self.tally)
        self.names, self.page_name = names, names[-1] if has_page else ""

    def whole(self) -> int:
        """Storm, calm, comparison."""
        self._enlist()
        self.lines.start()
        self._people_arrive()
        try:
            stuck = self._storm()
            self._calm()
        finally:
            self._all_go()
        self._place_what_came_home()
        _manage("shell", "--no-imports", "-c", "from evidence.actions import join_early; join_early()")  # as beat does every five minutes
        wrong = [*(f"stuck: {each}" for each in stuck), *self.tally.faults, *self.tally.wrong, *self._outbox(), *self._compare()]
        print(figures(self.tally, self.phones, self.page, self.office, wrong, time.monotonic() - self.began))
        print("".join(f"  ✗ {sentence}\n" for sentence in wrong), end="")
        return int(bool(wrong))

    # --- before --------------------------------------------------------------------------------------------------------
    def _enlist(self) -> None:
        code = f"from chaos.cast import enlist; enlist({self.names!r}, {OFFICE!r}, {BUREAU!r})"
        done = _manage("shell", "--no-imports", "-c", code)
        if done.returncode:
            raise Failed(f"The cast was not written: {done.stderr[-500:]}")

    def _people_arrive(self) -> None:
        asked, python = self.asked, [name for name in self.names if name != self.page_name]
        each, more = divmod(asked.visits, max(1, len(python)))
        pace = asked.seconds / max(1, each)
        self.phones = [
            Phone(name, self.lines.ports[name], asked.seed, each + (number < more), self.tally, pace) for number, name in enumerate(python)
        ]
        if each >= ENOUGH:
            self._let_one_be_locked(self.phones[-1])
        self.office = Office(OFFICE, self.lines.ports[OFFICE], asked.seed, max(4, asked.visits // 25), self.tally, pace)
        self.page = self._page(max(3, each // 2), pace * 2) if self.page_name else None
        rounds = 1 + int(asked.seconds / (APART * len(IN_TURN)))
        self.killer = Killer(self.place, asked.seed, self.tally, rounds=rounds, pause=min(APART, asked.seconds / (len(IN_TURN) + 1)))

    def _let_one_be_locked(self, phone: Phone) -> None:
        """What stands on that phone then has to come home by its key."""

        def lock() -> None:
            while _manage("lock_user", phone.name).returncode:  # the database may be dead just now
                time.sleep(1)
            phone.locked.set()

        phone.locked_after, phone.maker.drafts = phone.wanted // 2, False
        phone.lock = lambda: threading.Thread(target=lock, daemon=True).start()

    def _page(self, wanted: int, pace: float) -> PagePhone:
        return PagePhone(self.page_name, self.lines.ports[self.page_name], self.asked.seed, wanted, self.tally, pace)

    @property
    def everybody(self) -> list[Phone | PagePhone]:
        return [*self.phones, self.office, *([self.page] if self.page else [])]

    # --- the storm -----------------------------------------------------------------------------------------------------
    def _storm(self) -> list[str]:
        """Until everybody has receipts for everything, and all were killed as often as they should be. What is stuck, if anything is."""
        threads = [self.killer.thread, *(thread for each in self.everybody for thread in each.threads())]
        for thread in threads:
            thread.start()
        through, since, told = -1, time.monotonic(), 0.0
        while self.killer.thread.is_alive() or any(each.busy for each in self.everybody):
            time.sleep(0.5)
            now = time.monotonic()
            if self._through() != through or self.killer.thread.is_alive():
                through, since = self._through(), now
            if now - since > PATIENCE:
                return [f"{each.name} {what}" for each in self.everybody for what in each.undone] or ["a phone made nothing more"]
            if now - told > TELL:
                told = now
                print(progress(self.tally, self.phones, self.page, now - self.began), flush=True)
        return []

    def _through(self) -> int:
        """Only grows while anybody gets anywhere."""
        books = [phone.book for phone in self.phones]
        page = self.page.made - len(self.page.undone) if self.page else 0
        return sum(len(book.records) + len(book.steps) - len(book.undone) + sum(photo.held for _, photo in book.photos) for book in books) + page

    def _calm(self) -> None:
        """The lines are good again; what was held back arrives; each phone syncs to the end."""
        self.lines.calm()
        until(self.lines.settled, 120, "what was held back has arrived")

    def _all_go(self) -> None:
        self.killer.over.set()
        for each in (*self.phones, self.office):
            each.over.set()

    def _place_what_came_home(self) -> None:
        """By an officer, through the doors that it was meant for; after which it is compared like everything else."""
        homes = {record.path for phone in self.phones if phone.exiled for record in phone.book.records if record.rescued and not record.spoilt}
        officer, line = Officer(BUREAU, self.web, 0, 0, self.tally, 0), Connection(self.web)
        officer.sign_in(line)
        for row in officer.waiting(line):
            if row["path"] in homes:
                officer.place(line, row["id"], row["path"])

    # --- after ---------------------------------------------------------------------------------------------------------
    def _outbox(self) -> list[str]:
        """Empty in the end, however often what drains it was killed."""
        server = Server(self.place)
        try:
            until(lambda: server.count("SELECT count(*) FROM safety_outbox WHERE parked_at IS NULL") == 0, 900, "the outbox is empty")
        except Failed as failed:
            return [f"outbox: {failed}"]
        parked = server.rows("SELECT topic, payload, error FROM safety_outbox")
        return [f"parked: {row['topic']} {row['payload']} {row['error'][-300:]}" for row in parked]

    def _compare(self) -> list[str]:
        print("  … comparing", flush=True)
        wrong = [sentence for phone in (*self.phones, self.office) if not phone.exiled for sentence in self._synced(phone)]
        if self.page:
            wrong += self.page.apart(self._fresh(self.page_name))
        return [*differences(self._books(), self.office, Server(self.place)), *wrong, *self._checked()]

    def _books(self) -> list[Book]:
        return [*(phone.book for phone in self.phones), *([self.page.book] if self.page else [])]

    def _synced(self, phone: Phone) -> list[str]:
        phone.over.set()
        line = Connection(phone.port)
        for _ in range(20):
            if phone.token and phone.sync(line):
                break
            phone.sign_in(line)
        else:
            return [f"stuck: {phone.name} cannot sync over a good line"]
        return list(synced_apart(phone.book, self._fresh(phone.name)))

    def _fresh(self, person: str) -> Book:
        """What a phone is given that begins now, straight from the web."""
        phone = Phone(person, self.web, 0, 0, Tally(), 0)
        phone.device = "a new phone"
        line = Connection(self.web)
        phone.sign_in(line)
        phone.sync(line)
        return phone.book

    def _checked(self) -> list[str]:
        wrong = []
        with Manager(self.place, dict(os.environ)) as manager:
            for label, *words in CHECKS:
                try:
                    manager.do(label, *words)
                except Failed as failed:
                    wrong.append(f"not whole: {label}: {failed}")
        return wrong


def _manage(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(PROJECT / "manage.py"), *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Raises Failed."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise Failed(f"not after {seconds:.0f} s: {what}")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
