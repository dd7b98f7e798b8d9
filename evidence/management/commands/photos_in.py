"""manage photos_in FILE: the photos of a backup into the storage; ./safety restore calls it where they are kept in a bucket."""

import tarfile
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from evidence.management.commands.photos_out import FOLDER, said
from evidence.storage import KEPT


class Command(BaseCommand):
    help = "把备份文件中的照片和文件放进存储（供 ./safety restore 使用）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, file, **_):
        with said(), tarfile.open(file, "r:") as tar:
            default_storage.ready()
            for entry, name in _kept(tar):
                content = tar.extractfile(entry)
                default_storage.save(name, ContentFile(content.read() if content else b""))


def _kept(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, str]]:
    """What belongs into a storage: what was still being received does not."""
    for entry in tar:
        name = entry.name.removeprefix(FOLDER)
        if entry.isfile() and name != entry.name and name.startswith(tuple(f"{folder}/" for folder in KEPT)):
            yield entry, name
