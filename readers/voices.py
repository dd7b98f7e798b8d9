"""Voice notes: which kind they are, and how long they last, counted in what their bytes decode to.

What a header says of either is not believed: Android's recorder (WebM) says no length, Safari's (MP4 in fragments) says none at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import av
import av.subtitles.stream

from readers import Refusal
from readers.media_types import HEAD, voice_type_of

CODECS = ("opus", "aac")
CONTAINERS = {"audio/ogg": "ogg", "audio/webm": "matroska", "audio/mp4": "mp4", "audio/aac": "aac"}  # the only one that is tried


@dataclass
class Heard:
    """`seconds` of sound that were decoded, and from when to when they are to be played: what is longer counts."""

    seconds: float = 0.0
    begun: float | None = None
    ended: float = 0.0
    broken: bool = False  # something could not be decoded

    def hear(self, frame: Any) -> None:
        seconds = frame.samples / frame.sample_rate
        at = self.seconds if frame.time is None else frame.time
        self.begun = at if self.begun is None else min(self.begun, at)
        self.seconds, self.ended = self.seconds + seconds, max(self.ended, at + seconds)

    @property
    def lasted(self) -> float:
        return max(self.seconds, self.ended - (self.begun or 0.0))


def _heard(container: Any, stream: Any, most: float) -> Heard:
    """Raises Refusal as soon as it is longer than `most`."""
    heard, packets = Heard(), container.demux(stream)
    while True:
        try:
            for frame in next(packets).decode():
                heard.hear(frame)
        except StopIteration:
            return heard
        except av.FFmpegError:
            heard.broken = True
        if heard.lasted > most:
            raise Refusal("voice_too_long")


def _only_voice(container: Any) -> Any:
    """Raises Refusal for pictures, several voices, and other codecs."""
    voices = container.streams.audio
    if len(voices) != 1 or container.streams.video or voices[0].codec_context.name not in CODECS:
        raise Refusal("not_an_image")
    voices[0].codec_context.thread_count = 1
    return voices[0]


# --- what is asked from outside ------------------------------------------------------------------------------------------------
def measured(file: BinaryIO, *, most: float) -> Iterator[Any]:
    """Type, milliseconds, whether some of it could not be decoded. Raises Refusal: not_an_image, voice_too_long (more than `most` seconds)."""
    media_type = voice_type_of(file.read(HEAD)) or ""
    file.seek(0)
    try:
        with av.open(file, format=CONTAINERS.get(media_type, "ogg")) as container:
            heard = _heard(container, _only_voice(container), most)
    except av.FFmpegError:
        raise Refusal("not_an_image") from None
    if not heard.seconds:
        raise Refusal("not_an_image")
    yield [media_type, round(heard.lasted * 1000), heard.broken]
