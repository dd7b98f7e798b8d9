"""From data files to records. Reads a folder laid out like `reference/data`; any part of it may be absent.

Raises `WrongFile`, which names the file and the key, so that a slip of the pen never reaches the database.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from reference import shapes
from reference.criteria.rules import breaks, of_article
from reference.rules import overlaps
from reference.shapes import Check, Wrong
from reference.terms import DepartmentKind
from reference.versions import Change, Version, WrongFile, derived, source_at

DATA = Path(__file__).parent / "data"
Reader = TypeVar("Reader", bound=Callable[..., Any])
READERS: dict[str, Callable[[Version], Any]] = {}


def carries_out(kind: str) -> Callable[[Reader], Reader]:
    """The rules of an upper floor read each version of a kind when it is loaded too: what they cannot carry out (ValueError)
    is refused there and not on the night when it is first asked for. The shape says what form a body has.
    """

    def register(reader: Reader) -> Reader:
        READERS[kind] = reader
        return reader

    return register


@dataclass
class Files:
    """What a folder holds; an empty table means that the folder does not speak of it."""

    sectors: list[dict] = field(default_factory=list)
    departments: list[dict] = field(default_factory=list)
    sector_departments: list[dict] = field(default_factory=list)
    holidays: list[dict] = field(default_factory=list)
    documents: list[Version] = field(default_factory=list)


def read(folder: Path = DATA) -> Files:
    files = Files(
        sectors=table(folder / "sectors.toml", shapes.SECTORS_FILE, "sectors"),
        departments=table(folder / "departments.toml", shapes.DEPARTMENTS_FILE, "departments"),
        sector_departments=in_order(table(folder / "sector_departments.toml", shapes.SECTOR_DEPARTMENTS_FILE, "rows")),
        holidays=[row for path in sorted((folder / "holidays").glob("*.toml")) for row in holidays(path)],
        documents=documents(folder),
    )
    if files.sectors:
        sectors_are_known(files, folder)
    return files


def parsed(path: Path, check: Check) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        check(content, path.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongFile(path, "", str(error)) from None
    except Wrong as wrong:
        raise WrongFile(path, wrong.key, wrong.why) from None
    return content


def table(path: Path, check: Check, key: str) -> list[dict]:
    return parsed(path, check)[key] if path.exists() else []


def in_order(rows: list[dict]) -> list[dict]:
    """The order in the file is the order of responsibility."""
    return [{"note": "", "valid_to": None, **row, "order": place} for place, row in enumerate(rows, 1)]


# --- holidays ---------------------------------------------------------------------------------------------------------
def holidays(path: Path) -> Iterator[dict]:
    content = parsed(path, shapes.HOLIDAYS_FILE)
    for each in content["holidays"]:
        holidays_make_sense(each, path)
        off = (each["first"] + timedelta(days=n) for n in range((each["last"] - each["first"]).days + 1))
        for day, is_workday in [*((day, False) for day in off), *((day, True) for day in each["workdays"])]:
            yield {"day": day, "is_workday": is_workday, "name": each["name"], "source": content["source"]}


def holidays_make_sense(each: dict, path: Path) -> None:
    if not 0 <= (each["last"] - each["first"]).days <= 10:
        raise WrongFile(path, each["name"], "last 应在 first 之后 10 天以内")
    if any(day.weekday() < 5 for day in each["workdays"]):
        raise WrongFile(path, each["name"], "调休上班日应为周六或周日")


# --- documents --------------------------------------------------------------------------------------------------------
def documents(folder: Path) -> list[Version]:
    paths = [path for path in sorted(folder.glob("*/*.toml")) if path.parent.name != "holidays"]
    said = {path: parsed(path, shapes.law_file) for path in paths}
    found = [document(path, content) for path, content in said.items() if "changes" not in content]
    for one, other in overlaps(each for each in found if each.kind != "criteria"):
        raise WrongFile(other.path, "effective_from", f"与 {one.path.name} 的有效期重叠：请先给旧版本写上 effective_to")
    for later, why in breaks(each for each in found if each.kind == "criteria"):
        raise WrongFile(later.path, "effective_from", why)
    held = derived(found, [change for path, content in said.items() for change in changes(path, content)])
    by_name = {each.name: each for each in held}
    mapped_to_criteria(found)
    return [carried_out(complete(each, by_name)) for each in held]


def document(path: Path, content: dict[str, Any]) -> Version:
    if content["kind"] != path.parent.name:
        raise WrongFile(path, "kind", f"应与文件夹同名：{path.parent.name}")
    try:
        shapes.BODIES[content["kind"]](content["body"], "body")
    except Wrong as wrong:
        raise WrongFile(path, wrong.key, wrong.why) from None
    return Version(path=path, **{"effective_to": None, **content})


def changes(path: Path, content: dict[str, Any]) -> list[Change]:
    return [Change(path, place, **each) for place, each in enumerate(content.get("changes", []))]


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def complete(each: Version, by_name: dict[str, Version]) -> Version:
    """A checklist whole in itself: items taken over from other lists are copied in, every item names its source."""
    if each.kind != "checklist":
        return replace(each, body=as_json(each.body))
    body = {key: value for key, value in each.body.items() if key != "include"}
    taken = [item for wish in each.body.get("include", []) for item in taken_over(wish, each, by_name)]
    body["items"] = taken + [sourced(item, each) for item in each.body["items"]]
    if not body["items"]:
        raise WrongFile(each.path, "body.items", "检查表没有条目")
    return replace(each, body=as_json(body))


def carried_out(each: Version) -> Version:
    try:
        if each.kind in READERS:
            READERS[each.kind](each)
    except ValueError as error:
        raise WrongFile(each.path, "body", str(error)) from None
    return each


def mapped_to_criteria(found: list[Version]) -> None:
    """Items of a checklist beside the articles of an edition: both must be there."""
    editions = {f"{each.code}.{each.version}": each.body["items"] for each in found if each.kind == "criteria"}
    asked = {item["code"] for each in found if each.kind == "checklist" for item in each.body["items"]}
    for each in found:
        if each.kind != "checklist_criteria":
            continue
        items = editions.get(each.body["edition"])
        if items is None:
            raise WrongFile(each.path, "body.edition", f"没有判定标准 {each.body['edition']}")
        for row in each.body["rows"]:
            if row["code"] not in asked:
                raise WrongFile(each.path, "body.rows", f"检查表中没有 {row['code']}")
            for article in row["articles"]:
                if not any(of_article(item["article"], article) for item in items):
                    raise WrongFile(each.path, "body.rows", f"{each.body['edition']} 中没有 {article}")


def taken_over(wish: dict, each: Version, by_name: dict[str, Version]) -> list[dict]:
    other = by_name.get(f"checklist {wish['code']} {wish['version']}")
    if other is None:
        raise WrongFile(each.path, "body.include", f"没有检查表 {wish['code']} {wish['version']}")
    items = {item["code"]: sourced(item, other) for item in other.body["items"]}
    for missing in set(wish.get("items", [])) - items.keys():
        raise WrongFile(each.path, "body.include", f"{wish['code']} 中没有 {missing}")
    return [items[code] for code in wish.get("items", items)]


def sourced(item: dict, of: Version) -> dict:
    """Its own source, else that of the change that brought or reworded it, else the list's."""
    return {"source": source_at(of.amended, f"/items/{item['code']}") or of.source, **item}


# --- do they fit together ---------------------------------------------------------------------------------------------
def sectors_in(rows: list[dict]) -> list[str]:
    return [row["sector"] for row in rows if "sector" in row]


SECTORS_IN: dict[str, Callable[[dict], Iterator[str]]] = {
    "frequencies": lambda body: iter(body["high_risk_sectors"]),
    "standardization": lambda body: iter(body["high_risk_sectors"]),
    "unit_duties": lambda body: iter(
        [*body["drills"]["often_sectors"], *body["insurance"]["sectors"], *sectors_in(body["minimum_lines"])]
    ),
    "window_kinds": lambda body: (sector for row in body["rows"] for sector in row["sectors"]),
    "supervision_scheme": lambda body: (sector for cap in body["caps"] for sector in cap.get("sectors", [])),
    "hazard_standards": lambda body: (each["sector"] for each in body["standards"]),
    "inspection_bodies": lambda body: (sector for row in body["bodies"] for sector in row.get("sectors", [])),
    "inspection_ceilings": lambda body: (sector for row in body["rows"] for sector in row.get("sectors", [])),
    "criteria": lambda body: iter(body["sectors"]),
    "plan_duties": lambda body: (
        sector for row in (body["filing"], body["evaluation"], *body["drills"]) for sector in row.get("sectors", [])
    ),
    "law_calendar": lambda body: (
        sector for each in body["laws"] for name in ("checklists", "paper_sectors") for sector in each.get(name, [])
    ),
}


def sectors_are_known(files: Files, folder: Path) -> None:
    known = {each["code"] for each in files.sectors}
    departments = {each["code"] for each in files.departments}
    for each in files.documents:
        named = [each.code] if each.kind == "checklist" else SECTORS_IN.get(each.kind, lambda body: iter(()))(each.body)
        for code in set(named) - known - {"general"}:
            raise WrongFile(each.path, "body", f"没有领域 {code}")
        if each.kind == "inspection_ceilings" and each.code not in departments:
            raise WrongFile(each.path, "code", f"没有部门 {each.code}")
    for row in files.sector_departments:
        if row["sector"] not in known or row["department"] not in departments:
            raise WrongFile(folder / "sector_departments.toml", "rows", f"没有 {row['sector']} 或 {row['department']}")
    bodies_are_known(files)


def bodies_are_known(files: Files) -> None:
    """Of a list of those who may inspect: known departments, none of them an office that coordinates; townships by their digits."""
    kinds = {each["code"]: each["kind"] for each in files.departments}
    for each in files.documents:
        for row in each.body["bodies"] if each.kind == "inspection_bodies" else ():
            if not row["body"].isdigit() and kinds.get(row["body"], DepartmentKind.OFFICE) == DepartmentKind.OFFICE:
                raise WrongFile(each.path, "body.bodies", f"{row['body']} 不是可以列入名单的部门")
