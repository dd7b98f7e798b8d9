"""挂牌督办、追责问责、联合惩戒清单 and the dishonesty list: the registers' rows, in the reader's jurisdiction, people masked."""

from datetime import date
from decimal import Decimal

import pytest

from enforcement.models import Accountability, Dishonesty, JointPunishment, Listing, Progress
from safety_api.models import TrailLine
from tests.cast.people import OTHER_VILLAGE, VILLAGE
from tests.cast.units import mine
from tests.cast.workbooks import API, a_hazard, cells, opened

pytestmark = pytest.mark.django_db
WHOSE = {"region_code": VILLAGE, "sector_id": "coal_mine", "department_id": "emergency", "created_by_name": "郑应"}


def a_listing(number=1, **fields) -> Listing:
    known = {
        "hazard": a_hazard(number, level="major"), "level": "county", "document": f"兴安委〔2026〕{number}号", "listed_on": date(2026, 3, 1),
        "leader": "王县长", "leader_post": "副县长", "responsible_person": "张小三", "measures": "=1+1", "funds_yuan": Decimal("120000.50"),
        "deadline": date(2026, 4, 1), "plan": "撤人", "report_due_on": date(2026, 4, 1), "publication_due_on": date(2026, 3, 8),
    }  # fmt: skip
    return Listing.objects.create(**{**WHOSE, **known, **fields})


def accountable(**fields) -> Accountability:
    known = {
        "case": "重大隐患逾期未整改", "person_name": "李小四", "person_unit": "某煤业", "person_post": "矿长", "authority": "县应急管理局",
        "measure": "talk", "document": "兴应急〔2026〕9号", "decided_on": date(2026, 5, 1),
    }  # fmt: skip
    return Accountability.objects.create(**{**WHOSE, **known, **fields})


def punished(**fields) -> JointPunishment:
    known = {
        "subject_kind": "person", "subject_name": "李小四", "reason": "谎报", "document": "兴安委〔2026〕3号", "measures": ["bidding"],
        "departments": ["housing"], "held_from": date(2026, 1, 1), "held_to": date(2999, 1, 1),
    }  # fmt: skip
    return JointPunishment.objects.create(**{**WHOSE, **known, **fields})


def dishonest(**fields) -> Dishonesty:
    known = {
        "state": "listed", "subject_kind": "unit", "subject_name": "某煤业", "regime": "order11", "clause": "6", "facts": "瞒报",
        "penalty_document": "兴应急罚〔2026〕1号", "notified_on": date(2026, 1, 5), "objection_due_on": date(2026, 1, 20),
        "listed_on": date(2026, 2, 1), "expires_on": date(2029, 1, 31),
    }  # fmt: skip
    return Dishonesty.objects.create(**{**WHOSE, **known, **fields})


def listed(client, name, **query) -> list[dict]:
    answer = client.get(f"{API}/ledgers/{name}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


# --- 挂牌督办清单 -------------------------------------------------------------------------------------------------------------
def test_a_listing_shows_its_leader_funds_and_last_progress(as_):
    row = a_listing(enterprise=mine())
    for percent in (10, 60):
        Progress.objects.create(
            listing=row,
            due_on="2026-04-01",
            reported_on="2026-04-01",
            done=f"完成{percent}",
            percent=percent,
            by_name="陈矿",
        )
    [stated] = listed(as_("committee"), "listed-supervision")
    assert (stated["leader"], stated["responsible"], stated["funds_yuan"], stated["overdue"]) == (
        "王县长",
        "张*三",
        "120000.50",
        True,
    )
    assert (stated["percent"], stated["progress"], stated["unit"]) == (60, "完成60", "兴县示例煤业有限公司")
    page = cells(opened(as_("committee").get(f"{API}/ledgers/listed-supervision?format=xlsx")))
    shown = dict(zip(page[2], page[3], strict=True))
    assert (shown["整改资金（元）"], shown["整改措施"], shown["逾期"]) == (120000.5, "=1+1", "是")
    assert page[4][0] == "合计 1 条；督办中 1 条；逾期 1 条；已摘牌 0 条"


@pytest.mark.parametrize(
    "query, found",
    [({}, 2), ({"state": "delisted"}, 1), ({"overdue": "true"}, 1), ({"level": "city"}, 1), ({"q": "2号"}, 1), ({"from": "2026-03-02"}, 0),
     ({"to": "2026-03-01"}, 2), ({"department": "energy"}, 1), ({"region": "141123101"}, 1), ({"sector": "fire_safety"}, 0)],
)  # fmt: skip
def test_listings_are_filtered_by_their_parameters(query, found, as_):
    a_listing(1)
    a_listing(
        2,
        state="delisted",
        delisted_on=date(2026, 3, 30),
        level="city",
        department_id="energy",
        region_code=OTHER_VILLAGE,
    )
    assert len(listed(as_("bureau"), "listed-supervision", **query)) == found


@pytest.mark.parametrize("rows", [1, 30])
def test_the_listings_take_four_queries_at_any_length(rows, as_, django_assert_num_queries):
    for number in range(rows):
        a_listing(number)
    client = as_("bureau")
    with django_assert_num_queries(4):  # who · what has changed · the page · last progress
        assert len(listed(client, "listed-supervision")) == rows


# --- 追责问责清单 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["township", "leader", "inspector", "village", "duty", "enterprise", "auditor"])
def test_the_accountability_ledger_is_forbidden_to_other_roles(who, as_):
    assert as_(who).get(f"{API}/ledgers/accountability").status_code == 403


def test_a_department_reads_its_own_cases_only(as_, people):
    accountable()
    assert listed(as_("department"), "accountability") == []
    people["department"].department_id = "emergency"
    people["department"].save()
    assert len(listed(as_("department"), "accountability")) == 1
    people["department"].department_id = "energy"
    people["department"].save()
    assert listed(as_("department"), "accountability") == []


def test_names_of_accountable_persons_are_masked_unless_an_authorised_role_asks(as_, people):
    accountable()
    accountable(voided_on=date(2026, 6, 1), void_reason="误登")
    [row] = listed(as_("committee"), "accountability")
    assert row["person"] == "李*四"
    assert listed(as_("committee"), "accountability", contacts="true")[0]["person"] == "李小四"
    people["department"].department_id = "emergency"
    people["department"].save()
    assert as_("department").get(f"{API}/ledgers/accountability?contacts=true").status_code == 403
    page = cells(opened(as_("bureau").get(f"{API}/ledgers/accountability?format=xlsx")))
    assert "李*四" in page[3] and "约谈提醒" in page[3]
    assert TrailLine.objects.get(verb="ledger.export").details["ledger"] == "accountability"


# --- 联合惩戒、严重失信 ------------------------------------------------------------------------------------------------------
def test_joint_punishments_are_filtered_by_keeping_or_executing_department(as_):
    punished()
    punished(subject_kind="unit", subject_name="某煤业", lifted_on=date(2026, 6, 1))
    for department, found in (("emergency", 2), ("housing", 2), ("energy", 0)):
        assert len(listed(as_("bureau"), "joint-punishment", department=department)) == found
    assert {row["subject_name"] for row in listed(as_("township"), "joint-punishment")} == {"李*四", "某煤业"}
    assert [
        row["subject_name"] for row in listed(as_("bureau"), "joint-punishment", in_force="true", contacts="true")
    ] == ["李小四"]
    page = cells(opened(as_("bureau").get(f"{API}/ledgers/joint-punishment?format=xlsx&in_force=true")))
    shown = dict(zip(page[2], page[3], strict=True))
    assert (shown["惩戒措施"], shown["实施部门"]) == ("限制参与招标投标", "兴县住房和城乡建设管理局")
    assert "仅有效" in page[1][0]


def test_a_dishonesty_notice_not_yet_listed_is_shown_to_the_keepers_only(as_):
    dishonest()
    dishonest(state="notified", listed_on=None, expires_on=None)
    assert len(listed(as_("bureau"), "dishonesty")) == 2
    [row] = listed(as_("township"), "dishonesty")
    assert (row["expires_on"], row["state"]) == ("2029-01-31", "listed")
    assert len(listed(as_("bureau"), "dishonesty", in_force="true")) == 1
