"""The requests. Each scenario makes as many of them as it is asked for, from what stands in the house."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import asinh, floor, pi, radians, tan
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.client import Ask, one
from bench.house import House

API = "/api/v1"
COUNTY_TIME = ZoneInfo("Asia/Shanghai")
TOWN = "141123100"  # 蔚汾镇, the inspector's
MANIFEST = 100  # photos an inspection may declare
PHOTO_BYTES = 500_000


class Stage:
    """A house with its doors open, and who walks in."""

    def __init__(self, house: House, password: str):
        self.house, self.password = house, password
        self.port = house.port
        self.numbers = itertools.count()

    def token(self, username: str) -> str:
        if username not in self._tokens:
            body = {"username": username, "password": self.password, "device_id": "bench", "device_name": "bench"}
            answer = one(self.port, Ask("POST", f"{API}/auth/login", body=(json.dumps(body).encode(),)))
            self._tokens[username] = json.loads(answer.body)["token"]
        return self._tokens[username]

    @cached_property
    def _tokens(self) -> dict[str, str]:
        return {}

    def get(self, path: str, by: str = "bureau", **more: Any) -> Ask:
        return Ask("GET", f"{API}{path}", token=self.token(by), **more)

    @cached_property
    def mine(self) -> str:
        """A working coal mine of the inspector's township."""
        return self.house.sql(
            "SELECT id FROM enterprises_enterprise WHERE sector_id = 'coal_mine' AND status = 'operating'"
            f" AND region_code LIKE '{TOWN}%' ORDER BY id LIMIT 1"
        )

    @cached_property
    def classified(self) -> str:
        """The large houses are loaded without classes: there one is evaluated now."""
        asked = "SELECT enterprise_id FROM supervision_evaluation ORDER BY enterprise_id LIMIT 1"
        if not self.house.sql(asked):
            self.house.manage("evaluate_classes", "--enterprise", self.mine)
        return self.house.sql(asked)

    @cached_property
    def some_unit(self) -> str:
        return self.house.sql("SELECT enterprise_id FROM hazards_hazard ORDER BY id LIMIT 1")

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Where the hazards lie closest together, by hundredths of a degree."""
        answer = self.house.sql(
            "SELECT avg(ST_X(point)), avg(ST_Y(point)) FROM hazards_hazard WHERE point IS NOT NULL"
            " GROUP BY round(ST_X(point)::numeric, 2), round(ST_Y(point)::numeric, 2) ORDER BY count(*) DESC LIMIT 1"
        )
        lon, lat = map(float, answer.split("|"))
        return lon, lat

    def cursor_of_page(self, path: str, page: int) -> str:
        """The address of a page so far in."""
        for _ in range(page):
            answer = json.loads(one(self.port, self.get(path)).body)
            path = answer["next"].partition(API)[2]
        return path


Make = Callable[[Stage, int], Sequence[Ask]]


@dataclass(frozen=True)
class Scenario:
    """`budget`: its name in budgets.py, none where the design demands nothing. `at`: the houses it is measured in.

    `between`: a statement run before each request, which is then sent alone.
    """

    name: str
    make: Make
    budget: str | None = None
    at: tuple[str, ...] = ("rows",)
    between: str = ""
    words: str = field(default="")


def same(ask: Callable[[Stage], Ask]) -> Make:
    """The same request again and again."""
    return lambda stage, count: [ask(stage)] * count


# --- writing ----------------------------------------------------------------------------------------------------------
def photo_entries(hashes: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(uuid4()), "sha256": sha256, "size": size, "media_type": "image/jpeg", "taken_at": moment(5),
            "location": place(),
        }
        for sha256, size in hashes
    ]  # fmt: skip


def moment(minutes: int = 0) -> str:
    begun = datetime.now(COUNTY_TIME).replace(microsecond=0) - timedelta(hours=3)
    return (begun + timedelta(minutes=minutes)).isoformat()


def place() -> dict[str, Any]:
    return {"lon": 111.1335, "lat": 38.4633, "crs": "gcj02", "accuracy_m": 8}


def finding(photos: list[str]) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "item": "C09-12", "level": "general", "description": "锚杆间距超出作业规程，局部顶板破碎",
        "deadline": (datetime.now(COUNTY_TIME) + timedelta(days=7)).date().isoformat(), "location": place(), "photos": photos,
    }  # fmt: skip


def visit(stage: Stage, hazards: int, photos: list[dict[str, Any]]) -> dict[str, Any]:
    """A whole checklist of a coal mine answered, item by item."""
    chapter = [f"C09-{number:02d}" for number in range(1, 18)]
    shown = [[each["id"]] for each in photos[:hazards]]
    return {
        "enterprise": stage.mine, "sector": "coal_mine", "kind": "routine", "authority": "administrative",
        "started_at": moment(), "finished_at": moment(80), "location": place(),
        "checklist": {"code": "coal_mine", "version": "2021-1"}, "unanswered": "none",
        "answers": [{"item": code, "result": "fail" if code == "C09-12" else "pass", "note": "现场查看"} for code in chapter],
        "hazards": [finding(ids) for ids in shown], "photos": photos,
        "device": {"id": "bench", "app_version": "1.0", "clock": moment(81)},
    }  # fmt: skip


def put_visit(stage: Stage, body: dict[str, Any]) -> Ask:
    sent = json.dumps(body, ensure_ascii=False).encode()
    return Ask("PUT", f"{API}/inspections/{uuid4()}", token=stage.token("inspector"), body=(sent,), status=201)


def put_inspections(stage: Stage, count: int) -> Sequence[Ask]:
    def some_hash() -> tuple[str, int]:
        return hashlib.sha256(uuid4().bytes).hexdigest(), PHOTO_BYTES

    return [put_visit(stage, visit(stage, 3, photo_entries(some_hash() for _ in range(5)))) for _ in range(count)]


def put_hazards(stage: Stage, count: int) -> Sequence[Ask]:
    def body() -> dict[str, Any]:
        [photo] = photo_entries([(hashlib.sha256(uuid4().bytes).hexdigest(), PHOTO_BYTES)])
        return {
            "enterprise": stage.mine, "sector": "coal_mine", "item": "C09-12", "level": "general",
            "description": "锚杆间距超出作业规程，局部顶板破碎", "found_at": moment(), "location": place(), "photos": [photo],
        }  # fmt: skip

    def put(body: dict[str, Any]) -> Ask:
        sent = json.dumps(body, ensure_ascii=False).encode()
        return Ask("PUT", f"{API}/hazards/{uuid4()}", token=stage.token("inspector"), body=(sent,), status=201)

    return [put(body()) for _ in range(count)]


def put_photos(stage: Stage, count: int) -> Sequence[Ask]:
    """Their records are sent before, outside the measured time."""
    pieces = [unique_jpeg(next(stage.numbers)) for _ in range(count)]
    hashes = [(hashlib.sha256(b"".join(piece)).hexdigest(), sum(map(len, piece))) for piece in pieces]
    entries = photo_entries(hashes)
    for start in range(0, count, MANIFEST):
        one(stage.port, put_visit(stage, visit(stage, 0, entries[start : start + MANIFEST])))
    return [
        Ask("PUT", f"{API}/photos/{each['id']}/content", token=stage.token("inspector"), body=piece, kind="image/jpeg", status=201)
        for each, piece in zip(entries, pieces, strict=True)
    ]


_picture: list[bytes] = []


def unique_jpeg(number: int) -> tuple[bytes, ...]:
    """A real JPEG of about PHOTO_BYTES; a comment in its head makes each one another file."""
    if not _picture:
        _picture.append(noise())
    comment = f"bench {number} {uuid4()}".encode()
    return b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment, _picture[0][2:]


def noise() -> bytes:
    from PIL import Image

    rough = Image.frombytes("RGB", (600, 450), random.Random(1).randbytes(600 * 450 * 3)).resize((1600, 1200))
    for quality in range(60, 98):
        buffer = io.BytesIO()
        rough.save(buffer, "JPEG", quality=quality)
        if buffer.tell() >= PHOTO_BYTES:
            break
    return buffer.getvalue()


# --- reading ----------------------------------------------------------------------------------------------------------
HAZARDS, INSPECTIONS, RANKING = "/hazards?limit=100", "/inspections?limit=100", "/zero-accident/ranking"


# Hazards of a coal mine in the inspector's township, as they wait for their review: found, shown on a photo, asked for.
WAITING = f"""
WITH chosen AS (
  SELECT id FROM hazards_hazard WHERE sector_id = 'coal_mine' AND region_code >= '{TOWN}' AND region_code < '{int(TOWN) + 1}'
    AND state NOT IN ('review_requested', 'draft') ORDER BY id LIMIT %(count)s
), waiting AS (
  UPDATE hazards_hazard h SET state = 'review_requested', level = 'general', loop = 'county', listed_level = '', production_stopped = false,
    closed_on = NULL, review_requested_on = current_date FROM chosen WHERE h.id = chosen.id RETURNING h.id, h.reported_by
), shown AS (
  INSERT INTO evidence_photo (id, owner_kind, owner_id, subjects, declared_by, declared_at, sha256, size, media_type, sent_crs, state, flags)
  SELECT gen_random_uuid(), 'hazard', id, '{{}}', reported_by, now(), repeat('0', 64), 1, 'image/jpeg', '', 'missing', '{{}}' FROM waiting
)
SELECT id FROM waiting
"""
CERTIFIED = """
INSERT INTO accounts_certificate (user_id, number, issued_by, valid_from, valid_to)
SELECT id, 'bench ' || username, 'bench', '2020-01-01', '2099-12-31' FROM accounts_user WHERE username IN ('inspector', 'bureau')
ON CONFLICT DO NOTHING
"""


def passing(stage: Stage, count: int) -> Sequence[Ask]:
    """Each closes another hazard: two officers with certificates, a photo of what was put right."""
    stage.house.sql(CERTIFIED)
    companion = stage.house.sql("SELECT id FROM accounts_user WHERE username = 'bureau'")
    waiting = stage.house.sql(WAITING.replace("%(count)s", str(count))).split()
    return [_pass(stage, hazard, companion) for hazard in waiting]


def _pass(stage: Stage, hazard: str, companion: str) -> Ask:
    photos = photo_entries([(hashlib.sha256(uuid4().bytes).hexdigest(), PHOTO_BYTES)])
    sent = json.dumps({"companion": companion, "note": "整改到位", "photos": photos}, ensure_ascii=False).encode()
    return Ask("POST", f"{API}/hazards/{hazard}/pass", token=stage.token("inspector"), body=(sent,))


def reading(path: str, by: str = "bureau") -> Make:
    return same(lambda stage: stage.get(path, by))


def page(path: str, number: int) -> Make:
    return lambda stage, count: [stage.get(stage.cursor_of_page(path, number))] * count


def unchanged(path: Callable[[Stage], str]) -> Make:
    """With the tag of the answer that the reader has already."""

    def make(stage: Stage, count: int) -> Sequence[Ask]:
        tag = one(stage.port, stage.get(path(stage))).headers["etag"]
        return [stage.get(path(stage), headers=(("If-None-Match", tag),), status=304)] * count

    return make


def without_news(stage: Stage, count: int) -> Sequence[Ask]:
    """Of a phone that has everything."""
    path, more = "/sync", True
    while more:
        told = json.loads(one(stage.port, stage.get(path, "inspector")).body)
        path, more = f"/sync?cursor={told['cursor']}", told["more"]
    return [stage.get(path, "inspector")] * count


def tile(zoom: int) -> Callable[[Stage], str]:
    """Where most of them are. What it costs at this zoom is more than at any other place."""

    def path(stage: Stage) -> str:
        lon, lat = stage.centre
        x = floor((lon + 180) / 360 * (1 << zoom))
        y = floor((1 - asinh(tan(radians(lat))) / pi) / 2 * (1 << zoom))
        return f"/map/tiles/hazards/{zoom}/{x}/{y}.mvt"

    return path


def drawing(path: Callable[[Stage], str]) -> Make:
    return same(lambda stage: stage.get(path(stage)))


def bbox(stage: Stage, side: float) -> str:
    lon, lat = stage.centre
    return f"{lon - side:.4f},{lat - side:.4f},{lon + side:.4f},{lat + side:.4f}"


def filtered(path: str, by: str = "bureau") -> Make:
    """`path` with words in it that are written as addresses write them."""

    def ask(stage: Stage) -> Ask:
        address = path.format(unit=stage.some_unit, bbox=bbox(stage, 0.02), wide=bbox(stage, 0.2))
        return stage.get(quote(address, safe="/?&=,:+%"), by)

    return same(ask)


CALIBRATION = Scenario("healthz", same(lambda _: Ask("GET", "/healthz")), words="a bare answer, for comparing machines and hours")
EVERY = (
    Scenario("put-inspection", put_inspections, "put-inspection", words="17 answers, 3 hazards, 5 photos declared"),
    Scenario("put-hazard", put_hazards, words="one photo declared"),
    Scenario("put-photo", put_photos, "put-photo", words="500 KB"),
    Scenario("pass", passing, words="a review passed by two officers, one photo declared"),
    Scenario("hazards", reading(HAZARDS), "list", words="100 of the county"),
    Scenario("hazards-20", reading("/hazards?limit=20"), words="20 of the county"),
    Scenario("hazards-page-20", page(HAZARDS, 20), "list", words="the 20th page of 100"),
    Scenario("hazards-township", reading(HAZARDS, "township"), "list", words="100 of a township"),
    Scenario("inspections", reading(INSPECTIONS), "list", words="100 of the county"),
    Scenario("inspections-township", reading(INSPECTIONS, "township"), "list", words="100 of a township"),
    Scenario("geojson", filtered("/map/hazards.geojson?bbox=110.5,38.0,111.6,38.8"), words="the whole county: 5,000 points"),
    Scenario("me", reading("/me", "inspector")),
    Scenario("304-hazards", unchanged(lambda _: HAZARDS), "unchanged"),
    Scenario("304-tile", unchanged(tile(12)), "unchanged"),
    Scenario("304-ranking", unchanged(lambda _: RANKING), "unchanged"),
    Scenario("sync", without_news, "sync", words="a phone without news: 1.3 of 304-hazards at most"),
    *(Scenario(f"tile-z{zoom}", drawing(tile(zoom)), "tile") for zoom in range(8, 15)),
    Scenario("ranking", reading(RANKING), "ranking-county", ("smallest",), words="kept since the last change"),
    Scenario(
        "ranking-changed", reading(RANKING), "ranking-county", ("smallest",), words="the first after a change",
        between="UPDATE zero_accident_standing SET name = name WHERE id = (SELECT min(id) FROM zero_accident_standing)",
    ),
    Scenario("ratios", reading("/zero-accident/ratios"), at=("smallest",)),
    Scenario(
        "class", same(lambda stage: stage.get(f"/enterprises/{stage.classified}/supervision-class")), "class", ("smallest",),
        words="from stored parts",
    ),
    Scenario("ranking-province", reading(f"{RANKING}?region=140000000000"), "ranking-province", ("province",), words="kept since the last change"),
    Scenario(
        "ranking-province-changed", reading(f"{RANKING}?region=140000000000"), "ranking-province", ("province",),
        words="the first after a change",
        between="UPDATE zero_accident_standing SET name = name WHERE id = (SELECT min(id) FROM zero_accident_standing)",
    ),
)  # fmt: skip

FILTERS = {
    "state": "&state=ordered", "rare-state": "&state=enforcement", "level": "&level=major", "overdue": "&overdue=true",
    "not-overdue": "&overdue=false", "sector": "&sector=coal_mine", "county": "&region=141123", "township": "&region=141123100",
    "village": "&region=141123100200", "bbox": "&bbox={bbox}", "wide-bbox": "&bbox={wide}", "q": "&q=甲烷", "q-none": "&q=没有这样的话",
    "listed": "&listed=true", "origin": "&origin=village", "unit": "&enterprise={unit}",
    "township-overdue": "&region=141123100&overdue=true", "township-level": "&region=141123100&level=major",
}  # fmt: skip
EVERY += tuple(Scenario(f"filter-{name}", filtered(HAZARDS + words), "list", ("largest",)) for name, words in FILTERS.items())
EVERY += tuple(
    Scenario(f"filter-visits-{name}", filtered(INSPECTIONS + words), "list", ("largest",))
    for name, words in {
        "sector": "&sector=coal_mine", "kind": "&kind=joint", "village": "&region=141123100200", "unit": "&enterprise={unit}",
        "since": "&started_before=2026-01-01T00:00:00%2B08:00",
    }.items()
)  # fmt: skip

# Queues: each filter of an office's morning in the order it is worked through, for a township, a department and the bureau.
QUEUES = {
    "open": "&open=true", "open-due": "&open=true&sort=deadline", "waiting": "&waiting_for=me", "waiting-due": "&waiting_for=me&sort=deadline",
    "review-due": "&state=review_requested&sort=review_due_on", "received": "&received_since=2026-01-01&sort=-received_at",
    "states": "&state=reported,confirmed", "rare-states": "&state=enforcement,void", "mine": "&mine=true", "due": "&sort=deadline",
    "due-range": "&due_from=2025-06-01&due_before=2025-06-02", "department": "&department=market", "review-late": "&review_overdue=true",
}  # fmt: skip
EVERY += tuple(
    Scenario(f"queue-{name}-{who}", filtered(HAZARDS + words, who), "queue", ("rows",))
    for name, words in QUEUES.items()
    for who in ("township", "department", "bureau")
)
EVERY += tuple(
    Scenario(f"queue-visits-{name}", filtered(INSPECTIONS + words), "queue", ("rows",))
    for name, words in {"mine": "&mine=true", "received": "&sort=-received_at", "kinds": "&kind=joint,special"}.items()
)
EVERY += tuple(
    Scenario(f"queue-units-{name}", filtered("/enterprises?limit=100" + words), "queue", ("rows",))
    for name, words in {"visited": "&sort=last_visit_on", "risk": "&sort=risk_colour", "near": "&near=111.13,38.46,wgs84"}.items()
)
