"""分布 What stands between the present schema and a PostgreSQL that is spread over machines by one column (Citus' rule): every key, every
unique index and every reference between spread tables has to carry that column, or no machine can hold to it by itself.

Read from the catalogue, so that nothing has to be kept in step. Where a table would be is taken from what it says:

* spread: it has the column, or refers to a table that is spread (by whatever chain): it belongs to somebody's county;
* reference: spread tables refer to it, and it says nothing of a place: a copy on every machine;
* local: neither. It stays on one machine, however large it grows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

SPREAD, REFERENCE, LOCAL = "spread", "reference", "local"


@dataclass(frozen=True)
class Link:
    """A foreign key: its columns, and those they refer to, in the same order."""

    name: str
    to: str
    columns: tuple[str, ...]
    there: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What the catalogue says. `keys`: unique indexes with their columns; the primary key is among them, and named apart too."""

    name: str
    columns: frozenset[str]
    primary: str = ""
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exclusions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    triggers: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Finding:
    """What of one table breaks the rule; only a spread table can."""

    table: str
    place: str
    lacks_column: bool = False
    primary: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    rows: int = 0


# --- the rule ---------------------------------------------------------------------------------------------------------------
def report(tables: Iterable[Table], column: str) -> list[Finding]:
    known = {table.name: table for table in tables}
    places = places_of(known, column)
    return [finding_of(table, places, column) for table in sorted(known.values(), key=lambda each: each.name)]


def places_of(tables: dict[str, Table], column: str) -> dict[str, str]:
    spread = {name for name, table in tables.items() if column in table.columns}
    while more := {
        name for name, table in tables.items() if name not in spread and any(link.to in spread for link in table.links)
    }:
        spread |= more
    referred = {link.to for name in spread for link in tables[name].links} - spread
    while more := {link.to for name in referred if name in tables for link in tables[name].links} - referred - spread:
        referred |= more
    return {name: SPREAD if name in spread else REFERENCE if name in referred else LOCAL for name in tables}


def finding_of(table: Table, places: dict[str, str], column: str) -> Finding:
    if places[table.name] != SPREAD:
        return Finding(table.name, places[table.name], rows=table.rows)
    lacking = {name: columns for name, columns in table.keys.items() if column not in columns}
    return Finding(
        table.name,
        SPREAD,
        lacks_column=column not in table.columns,
        primary=lacking.get(table.primary, ()),
        keys=tuple(sorted(name for name in lacking if name != table.primary)),
        exclusions=tuple(sorted(name for name, columns in table.exclusions.items() if column not in columns)),
        links=tuple(link.name for link in table.links if places.get(link.to) == SPREAD and not carries(link, column)),
        triggers=table.triggers,
        numbered=table.numbered,
        rows=table.rows,
    )


def carries(link: Link, column: str) -> bool:
    """The column refers to itself."""
    return (column, column) in zip(link.columns, link.there, strict=True)


def totals(tables: Iterable[Table], findings: Iterable[Finding], column: str) -> dict[str, int]:
    known, found = list(tables), list(findings)
    spread = {each.table for each in found if each.place == SPREAD}
    keys = [
        columns
        for table in known
        if table.name in spread
        for name, columns in table.keys.items()
        if name != table.primary
    ]
    return {
        "tables": len(known),
        "without_column": sum(column not in table.columns for table in known),
        **{place: sum(each.place == place for each in found) for place in (SPREAD, REFERENCE, LOCAL)},
        "spread_without_column": sum(each.lacks_column for each in found),
        "primary_keys_without": sum(bool(each.primary) for each in found),
        "unique_indexes": len(keys),
        "unique_indexes_without": sum(len(each.keys) for each in found),
        "exclusions_without": sum(len(each.exclusions) for each in found),
        "references": sum(link.to in spread for table in known if table.name in spread for link in table.links),
        "references_without": sum(len(each.links) for each in found),
        "triggers": sum(len(each.triggers) for each in found),
        "numbered": sum(len(each.numbered) for each in found),
    }


# --- the catalogue --------------------------------------------------------------------------------------------------------
CATALOGUE = """
WITH own AS (
    SELECT c.oid, c.relname, c.reltuples::bigint AS rows FROM pg_class c
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
), named AS (
    SELECT attrelid, attnum, attname::text AS name, attidentity <> '' AS numbered FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
)
SELECT own.relname, own.rows,
    (SELECT json_agg(json_build_array(name, numbered OR EXISTS (
        SELECT FROM pg_attrdef d WHERE d.adrelid = own.oid AND d.adnum = n.attnum AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%'
    ))) FROM named n WHERE n.attrelid = own.oid),
    (SELECT json_agg(json_build_array(i.indexrelid::regclass::text, i.indisprimary, i.indisexclusion, ARRAY(
        SELECT n.name FROM named n WHERE n.attrelid = own.oid AND n.attnum = ANY(i.indkey[0:i.indnkeyatts - 1])
    ))) FROM pg_index i WHERE i.indrelid = own.oid AND (i.indisunique OR i.indisexclusion)),
    (SELECT json_agg(json_build_array(k.conname, f.relname,
        ARRAY(SELECT n.name FROM unnest(k.conkey) WITH ORDINALITY AS u(num, place) JOIN named n ON n.attrelid = k.conrelid AND n.attnum = u.num
              ORDER BY place),
        ARRAY(SELECT n.name FROM unnest(k.confkey) WITH ORDINALITY AS u(num, place) JOIN named n ON n.attrelid = k.confrelid AND n.attnum = u.num
              ORDER BY place)
    ) ORDER BY k.conname) FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid WHERE k.conrelid = own.oid AND k.contype = 'f'),
    (SELECT json_agg(t.tgname ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = own.oid AND NOT t.tgisinternal)
FROM own ORDER BY 1
"""


def read(schema: str = "public") -> list[Table]:
    """Our tables; those that came with an extension are not ours."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE, [schema])
        return [_table(*row) for row in cursor.fetchall()]


def _table(name: str, rows: int, columns: Any, indexes: Any, links: Any, triggers: Any) -> Table:
    unique = [(index, primary, tuple(keys)) for index, primary, excludes, keys in indexes or [] if not excludes]
    return Table(
        name,
        columns=frozenset(each for each, _ in columns or []),
        primary=next((index for index, primary, _ in unique if primary), ""),
        keys={index: keys for index, _, keys in unique},
        exclusions={index: tuple(keys) for index, _, excludes, keys in indexes or [] if excludes},
        links=tuple(Link(link, to, tuple(here), tuple(there)) for link, to, here, there in links or []),
        triggers=tuple(triggers or ()),
        numbered=tuple(sorted(each for each, numbered in columns or [] if numbered)),
        rows=max(rows, 0),
    )


def as_json(tables: list[Table], findings: list[Finding], column: str) -> dict[str, Any]:
    return {"column": column, "totals": totals(tables, findings, column), "tables": [asdict(each) for each in findings]}
