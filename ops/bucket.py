"""The photos of a house that keeps them in an S3 bucket, on their way into a backup and out of one.

The script itself knows no S3: two management commands, in the venv, hand the photos over (`photos_out`) and take them (`photos_in`).
"""

import io
import os
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from ops.home import PROJECT, Home, environment, new_secret_key, python, write_private
from ops.show import Failed


def named(caller: Mapping[str, str] = os.environ) -> str:
    """The bucket that the caller's variables name; empty where the photos are in a folder."""
    if caller.get("STORAGE", "").strip() != "s3":
        return ""
    return f"{caller.get('S3_BUCKET', '?')} at {caller.get('S3_ENDPOINT', '?')}"


def check_named(place: Home, caller: Mapping[str, str] = os.environ) -> None:
    """Whoever started this house with a bucket has to name it again, or STORAGE=folder: else its photos would silently be left out. Raises
    Failed."""
    if place.bucket.exists() and "STORAGE" not in caller:
        kept = place.bucket.read_text(encoding="utf-8").strip()
        raise Failed(
            f"{place.state} keeps its photos in the bucket {kept}: STORAGE=s3 and its S3_… variables are needed here too."
        )


def remember(place: Home) -> None:
    if bucket := named():
        write_private(place.bucket, bucket + "\n")
    else:
        place.bucket.unlink(missing_ok=True)


def carry_out(place: Home, take: Callable[[tarfile.TarInfo, IO[bytes]], None]) -> None:
    """Hands over all that the bucket holds, one after another. Raises Failed with the bucket's name when it is not all that came."""
    log, whole = place.logs / "photos.log", True
    with (
        open(log, "wb") as out,
        _manage(place, environment(place, port=8000), "photos_out", stdout=subprocess.PIPE, stderr=out) as child,
    ):
        try:
            with tarfile.open(fileobj=child.stdout, mode="r|") as tar:
                for entry in tar:
                    take(entry, tar.extractfile(entry) or io.BytesIO())
        except tarfile.TarError:
            whole = False
    if child.returncode or not whole:
        raise _unusable(log)


def carry_in(place: Home, source: Path, fresh: Path) -> None:
    """Puts the photos of a backup into the bucket, beside what is there: they are named by their content. Raises Failed."""
    key, log = fresh / "key", place.logs / "photos.log"
    write_private(key, new_secret_key())  # the house may have none yet
    env = environment(place, port=8000) | {"SECRET_KEY_FILE": str(key), "DEMO": "0"}
    with open(log, "wb") as out, _manage(place, env, "photos_in", str(source), stdout=out, stderr=out) as child:
        pass
    if child.returncode:
        raise _unusable(log)


def _manage(place: Home, env: dict[str, str], *words: str, **streams: Any) -> subprocess.Popen:
    command = [python(place), str(PROJECT / "manage.py"), *words]
    return subprocess.Popen(command, env=env, cwd=PROJECT, stdin=subprocess.DEVNULL, **streams)


def _unusable(log: Path) -> Failed:
    return Failed(f"桶 the bucket {named()} cannot be worked with; nothing was changed.", log=log)
