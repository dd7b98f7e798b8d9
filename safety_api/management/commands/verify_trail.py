import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from safety_api import trail


class Command(BaseCommand):
    help = "核对留痕：重新计算全部封存，逐条说明被改动、缺失、插入或换序之处；有则以 1 结束。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--against", type=Path, metavar="FILE", help="异地保存的封存摘要（export_seals 的输出）")

    def handle(self, *, against: Path | None, **options) -> None:
        breaks = list(trail.verify(shipped_seals(against) if against else None))
        for sentence in breaks:
            self.stdout.write(sentence)
        if breaks:
            raise CommandError(f"留痕不完整：{len(breaks)} 处。The trail is broken in {len(breaks)} places.")
        self.stdout.write("留痕完整。The trail is whole.")


def shipped_seals(path: Path) -> dict[int, str]:
    """Number → digest from JSON lines; a seal that was shipped twice must be the same both times."""
    seals: dict[int, str] = {}
    try:
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if seals.setdefault(int(row["number"]), str(row["digest"])) != row["digest"]:
                raise CommandError(f"{path}：封存 {row['number']} 在文件中有两个摘要。")
    except OSError as error:
        raise CommandError(f"读不到 {path}：{error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"{path} 不是 export_seals 的输出。") from None
    return seals
