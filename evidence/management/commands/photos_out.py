"""manage photos_out: all that the storage keeps, as a tar on the standard output; ./safety backup puts it into its file."""

import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from evidence.storage import KEPT
from safety_api.problems import Problem

FOLDER = "photos/"  # in the backup


class Command(BaseCommand):
    help = "把存储中的照片和文件写成 tar，送到标准输出（供 ./safety backup 使用）"
    requires_system_checks: list[str] = []

    def handle(self, **_):
        with said(), tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for name in _names():
                _add(tar, name)


@contextmanager
def said() -> Iterator[None]:
    """What is the matter with the storage, to the operator and in one line."""
    try:
        yield
    except Problem as problem:
        raise CommandError(str(problem.__cause__ or problem)) from None


def _names() -> Iterator[str]:
    for folder in KEPT:
        yield from default_storage.names(folder)  # type: ignore[attr-defined]  # of every storage of ours


def _add(tar: tarfile.TarFile, name: str) -> None:
    with default_storage.open(name) as file:
        entry = tarfile.TarInfo(FOLDER + name)
        entry.size, entry.mode = file.size, 0o600
        tar.addfile(entry, file.file)
