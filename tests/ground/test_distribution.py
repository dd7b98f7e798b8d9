"""分布: what keeps a schema from being spread over machines by one column, on a small schema and on ours."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from safety_api import distribution
from safety_api.management.commands.report_distribution import COLUMN, COUNTED, PAGE, sentences, write_page
from tests.ground.connections import another

SMALL = """
CREATE SCHEMA spread;
CREATE TABLE spread.sector (code text PRIMARY KEY);
CREATE TABLE spread.switch (id int PRIMARY KEY);
CREATE TABLE spread.unit (
    county text, id uuid, code text, sector text REFERENCES spread.sector,
    PRIMARY KEY (county, id), UNIQUE (code), UNIQUE (code, county)
);
CREATE TABLE spread.visit (
    county text, id uuid PRIMARY KEY, unit uuid, other text, during tstzrange,
    FOREIGN KEY (county, unit) REFERENCES spread.unit (county, id),
    FOREIGN KEY (other, unit) REFERENCES spread.unit (county, id),
    CONSTRAINT once_at_a_time EXCLUDE USING gist (unit WITH =, during WITH &&)
);
CREATE TABLE spread.answer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number serial, visit uuid REFERENCES spread.visit);
CREATE FUNCTION spread.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamp BEFORE INSERT ON spread.answer FOR EACH ROW EXECUTE FUNCTION spread.nothing();
"""


@pytest.fixture
def small(committed):
    with another(owner=True, autocommit=True) as owner:
        owner.execute(SMALL + "GRANT USAGE ON SCHEMA spread TO safety_app;")
        yield {each.table: each for each in distribution.report(distribution.read("spread"), "county")}
        owner.execute("DROP SCHEMA spread CASCADE")


def said(**options) -> str:
    out = StringIO()
    call_command("report_distribution", stdout=out, **options)
    return out.getvalue()


def test_a_table_is_spread_by_its_column_or_by_what_it_refers_to(small):
    assert {name: each.place for name, each in small.items()} == {
        "answer": "spread", "sector": "reference", "switch": "local", "unit": "spread", "visit": "spread",
    }  # fmt: skip
    assert {name for name, each in small.items() if each.lacks_column} == {"answer"}


BROKEN = [  # what of which table breaks the rule; what is not named keeps it
    ("unit", "primary", ()),
    ("unit", "keys", ("unit_code_key",)),
    ("unit", "links", ()),  # to a reference table none needs the column
    ("visit", "primary", ("id",)),
    ("visit", "links", ("visit_other_unit_fkey",)),  # the column must refer to itself
    ("visit", "exclusions", ("once_at_a_time",)),
    ("answer", "links", ("answer_visit_fkey",)),
    ("answer", "triggers", ("stamp",)),
    ("answer", "numbered", ("id", "number")),
    ("sector", "primary", ()),
]


@pytest.mark.parametrize("table, kind, names", BROKEN)
def test_every_key_and_reference_of_a_spread_table_carries_the_column(small, table, kind, names):
    found = [name.removeprefix("spread.") for name in getattr(small[table], kind)]
    assert tuple(found) == names


def test_the_totals_count_what_breaks_the_rule(small):
    counted = distribution.totals(distribution.read("spread"), small.values(), "county")
    assert counted == {
        "tables": 5, "without_column": 3, "spread": 3, "reference": 1, "local": 1, "spread_without_column": 1,
        "primary_keys_without": 2, "unique_indexes": 2, "unique_indexes_without": 1, "exclusions_without": 1, "references": 3,
        "references_without": 2, "triggers": 1, "numbered": 2,
    }  # fmt: skip


def test_the_report_says_the_same_as_text_and_as_json(small):
    text, found = said(schema="spread", column="county"), json.loads(said(schema="spread", column="county", json=True))
    assert "按县分布 spread: 3" in text and "unique spread.unit_code_key" in text and "no county" in text
    assert sentences(found["totals"], "county") in text
    assert [each["table"] for each in found["tables"]] == sorted(small)


def test_a_schema_that_keeps_the_rule_is_found_without_fault(committed):
    with another(owner=True, autocommit=True) as owner:
        owner.execute(
            "CREATE SCHEMA whole; GRANT USAGE ON SCHEMA whole TO safety_app;"
            "CREATE TABLE whole.visit (county text, id uuid, PRIMARY KEY (county, id));"
            "CREATE TABLE whole.hazard (county text, id uuid, visit uuid, PRIMARY KEY (county, id),"
            " FOREIGN KEY (county, visit) REFERENCES whole.visit (county, id));"
        )
        counted = json.loads(said(schema="whole", column="county", json=True))["totals"]
        owner.execute("DROP SCHEMA whole CASCADE")
    assert not any(value for name, value in counted.items() if name.endswith(("without", "without_column")))


def test_our_own_tables_are_all_reported_and_none_of_an_extension(db):
    found = {each.table: each for each in distribution.report(distribution.read(), COLUMN)}
    assert "spatial_ref_sys" not in found
    assert (found["inspections_inspection"].place, found["inspections_inspection"].primary) == ("spread", ("id",))
    assert (
        found["hazards_step"].lacks_column
        and found["reference_sector"].place == "reference"
        and found["django_migrations"].place == "local"
    )


def test_the_page_of_scaling_has_the_counts_of_the_present_schema(db):
    """`./safety manage report_distribution --write` writes them anew after a migration."""
    tables = distribution.read()
    counted = sentences(distribution.totals(tables, distribution.report(tables, COLUMN), COLUMN), COLUMN)
    assert COUNTED.search(PAGE.read_text(encoding="utf-8")).group() == counted


def test_the_counts_are_written_between_their_marks_and_nowhere_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "a\n<!-- counted by report_distribution -->\nold\n<!-- end of what was counted -->\nb\n", encoding="utf-8"
    )
    write_page("- new", page)
    assert (
        page.read_text(encoding="utf-8")
        == "a\n<!-- counted by report_distribution -->\n- new\n<!-- end of what was counted -->\nb\n"
    )
