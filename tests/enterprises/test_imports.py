"""Excel lists: every row is told what is wrong with it; nothing is half-stored."""

import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from accounts.models import User
from enterprises.models import Condition, Enterprise
from enterprises.sheets import PERSON_COLUMNS, UNIT_COLUMNS, Gazetteer
from safety_api.models import TrailLine
from safety_api.sheets import MOST_ROWS, WrongFile, read_rows, write_table
from tests.cast.people import MINE
from tests.cast.units import CODE, OTHER_CODE, mine

GOOD = {
    "单位名称": "兴县甲煤业有限公司",
    "统一社会信用代码": CODE,
    "单位类型": "企业",
    "主要行业": "煤矿",
    "区划代码": "141123100200",
}
SHOP = {
    "单位名称": "老王超市",
    "无代码原因": "未办执照",
    "单位类型": "个体工商户",
    "主要行业": "消防",
    "乡镇": "蔚汾镇",
    "村（社区）": "东关村",
}
WHO = {"用户名": "zhangsan", "姓名": "张三", "岗位": "检查员", "管辖区划": "蔚汾镇"}
BOSS = {"用户名": "lisi", "姓名": "李四", "岗位": "企业安全员", "本单位": CODE, "企业主要负责人": "是"}


def sheet(folder: Path, *rows: dict, headings=None) -> Path:
    """A list with just the columns that its rows use, typed as a person types: dates and numbers stay what they are."""
    path, headings = folder / "list.xlsx", headings or list(dict.fromkeys(name for row in rows for name in row))
    book = Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False})
    page = book.add_worksheet()
    page.write_row(0, 0, headings)
    for down, row in enumerate(rows, start=1):
        for name, cell in row.items():
            page.write(down, headings.index(name), cell)
    book.close()
    return path


def run(command: str, *args, **options) -> str:
    out = StringIO()
    call_command(command, *map(str, args), stdout=out, **options)
    return out.getvalue()


def refused(command: str, *args, **options) -> tuple[str, str]:
    """What was told, and the last word."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, *map(str, args), stdout=out, **options)
    return out.getvalue(), str(error.value)


# --- units ---------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_list_of_units_is_imported_with_conditions_and_trail_lines(tmp_path):
    full = {
        **GOOD,
        "开业日期": "2016年5月1日",
        "生产矿井": "是",
        "经度": 111.133972,
        "纬度": 38.46254,
        "坐标系": "gcj02",
        "联系电话": 13812345678.0,
    }
    assert "录入 2 行，有问题 0 行" in run("import_enterprises", sheet(tmp_path, full, SHOP))
    coal = Enterprise.objects.get(credit_code=CODE)
    assert (coal.principal_phone, coal.producing, str(coal.opened_on), round(coal.point.x, 5)) == (
        "13812345678",
        True,
        "2016-05-01",
        111.12749,
    )
    shop = Enterprise.objects.get(credit_code=None)
    assert (shop.region_code, shop.sector_id, shop.pinyin.split()[0]) == ("141123100200", "fire_safety", "lwcs")
    assert Condition.objects.count() == TrailLine.objects.filter(verb="enterprise.create").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"统一社会信用代码": "91141123MA0K000134"}, "统一社会信用代码", "校验位不符"),
        ({"统一社会信用代码": ""}, "统一社会信用代码", "没有代码的"),
        ({"无代码原因": "忘了"}, "无代码原因", "不应再写"),
        ({"单位名称": ""}, "单位名称", "必填"),
        ({"单位名称": "长" * 121}, "单位名称", "过长"),
        ({"单位类型": "俱乐部"}, "单位类型", "应为"),
        ({"主要行业": "魔法"}, "主要行业", "没有这个行业领域"),
        ({"其他行业": "消防；魔法"}, "其他行业", "没有这个行业领域"),
        ({"区划代码": "141123999999"}, "区划代码", "没有这个行政区划"),
        ({"区划代码": "141123100000"}, "区划代码", "村（社区）代码"),
        ({"区划代码": "", "乡镇": "不存在镇", "村（社区）": "东关村"}, "乡镇", "没有这个乡镇"),
        ({"区划代码": "", "乡镇": "蔚汾镇", "村（社区）": "不存在村"}, "村（社区）", "没有这个村"),
        ({"区划代码": "", "乡镇": "蔚汾镇", "村（社区）": "西关"}, "村（社区）", "不止一个"),
        ({"区划代码": ""}, "区划代码", "没有这个"),
        ({"开业日期": "去年"}, "开业日期", "不是日期"),
        ({"开业日期": "2026-02-30"}, "开业日期", "不是日期"),
        ({"开业日期": "2999-01-01"}, "开业日期", "不能晚于今天"),
        ({"状态": "关闭"}, "状态自", "写明自哪一天"),
        ({"规模以上": "也许"}, "规模以上", "是 或 否"),
        ({"联系电话": "12"}, "联系电话", "手机号码"),
        ({"经度": "111.1", "纬度": "38.4"}, "坐标系", "一并填写"),
        ({"经度": "东经", "纬度": "38.4", "坐标系": "wgs84"}, "经度", "数字"),
        ({"经度": "1", "纬度": "2", "坐标系": "wgs84"}, "经度", "中国范围"),
        ({"单位名称": "响\x07铃"}, "单位名称", "无效字符"),
    ],
)  # fmt: skip
def test_an_invalid_row_is_reported_with_its_column_and_nothing_is_stored(change, column, reason, tmp_path):
    shown, last = refused("import_enterprises", sheet(tmp_path, SHOP, {**GOOD, **change}))
    line = next((each for each in shown.splitlines() if each.startswith("第 3 行")), shown)
    assert column in line and reason in shown, shown
    assert "没有录入任何一行" in last and not Enterprise.objects.exists()


@pytest.mark.django_db
def test_with_skip_bad_the_valid_rows_are_imported(tmp_path):
    bad = {**GOOD, "主要行业": "魔法"}
    printed = run("import_enterprises", sheet(tmp_path, bad, SHOP), skip_bad=True)
    assert "录入 1 行，有问题 1 行" in printed and Enterprise.objects.get().name == "老王超市"


@pytest.mark.django_db
def test_a_unit_already_registered_or_repeated_is_not_imported(tmp_path):
    mine()
    shown, _ = refused(
        "import_enterprises", sheet(tmp_path, GOOD, SHOP, SHOP, {**GOOD, "统一社会信用代码": OTHER_CODE})
    )
    assert [line for line in shown.splitlines() if "已登记" in line] == [
        f"第 2 行 统一社会信用代码：已登记，或在本表中重复（{CODE}）", "第 4 行 单位名称：已登记，或在本表中重复（老王超市）",
    ]  # fmt: skip
    assert Enterprise.objects.count() == 1


@pytest.mark.django_db
def test_the_import_report_contains_no_formula(tmp_path):
    evil = {**GOOD, "主要行业": '=HYPERLINK("http://x")'}
    report = tmp_path / "report.xlsx"
    refused("import_enterprises", sheet(tmp_path, evil), report=report)
    with CalamineWorkbook.from_path(str(report)) as book:
        lines = book.get_sheet_by_index(0).to_python()
    assert lines == [["行", "列", "内容", "问题"], ["2", "主要行业", '=HYPERLINK("http://x")', "没有这个行业领域"]]
    with zipfile.ZipFile(report) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("start", "=+-@")
def test_text_that_looks_like_a_formula_is_written_as_text(start, tmp_path):
    write_table(tmp_path / "t.xlsx", ("列",), [(f"{start}1+1",)])
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheet_xml = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet_xml and sheet_xml.count(b't="s"') == 2


# --- the file as a whole -------------------------------------------------------------------------------------------------
def refusal(path) -> str:
    with pytest.raises(WrongFile) as error:
        read_rows(path, UNIT_COLUMNS)
    return str(error.value)


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "a.xlsx").write_text("单位名称,单位类型")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as other:
        other.writestr("word/document.xml", "<x/>")
    assert "没有这个文件" in refusal(tmp_path / "none.xlsx")
    assert "不是 .xlsx" in refusal(tmp_path / "a.xlsx")
    assert "xlsx" in refusal(tmp_path / "b.xlsx")
    assert "不是 Excel 工作簿" in refusal(tmp_path / "c.xlsx")


def test_a_list_too_large_to_read_is_refused(tmp_path, monkeypatch):
    far = sheet(tmp_path, GOOD)
    book = Workbook(str(far))
    page = book.add_worksheet()
    page.write(1_000_000, 0, "far")
    book.close()
    assert f"至多 {MOST_ROWS} 行" in refusal(far)
    wide = Workbook(str(far))
    wide.add_worksheet().write(0, 16_000, "wide")
    wide.close()
    assert "列" in refusal(far)
    with zipfile.ZipFile(far, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", "<x/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 1024 * 1024))
    assert "展开后过大" in refusal(far)
    monkeypatch.setattr("safety_api.sheets.MOST_BYTES", 10)
    assert "文件过大" in refusal(far)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["单位名称"], "缺少列：单位类型、主要行业"), ([*(c.heading for c in UNIT_COLUMNS), "星座"], "不认识的列：星座"),
        ([*(c.heading for c in UNIT_COLUMNS), "单位名称"], "重复的列：单位名称"), ([], "缺少列"),
    ],
)  # fmt: skip
def test_headings_must_be_those_of_the_template(headings, fields, tmp_path):
    assert fields in refusal(sheet(tmp_path, headings=headings or [""]))


@pytest.mark.parametrize(("kind", "columns"), [("enterprises", UNIT_COLUMNS), ("users", PERSON_COLUMNS)])
def test_a_template_reads_back_as_an_empty_list(kind, columns, tmp_path):
    assert "已生成" in run("make_template", kind, tmp_path / "t.xlsx")
    assert read_rows(tmp_path / "t.xlsx", columns) == []
    with pytest.raises(CommandError, match="xlsx"):
        run("make_template", kind, tmp_path / "t.csv")
    with pytest.raises(CommandError, match="没有这个文件夹"):
        run("make_template", kind, tmp_path / "no" / "t.xlsx")


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        ("蔚汾镇", "141123100"), ("蔚汾", "141123100"), ("蔚汾镇/东关村", "141123100200"), ("全县", "141123"), ("141123", "141123"),
        ("141123100200", "141123100200"),
    ],
)  # fmt: skip
def test_places_are_recognised_by_common_names_and_codes(written, prefix):
    places = Gazetteer.of(
        [
            ("141123000000", "兴县", "county"),
            ("141123100000", "蔚汾镇", "township"),
            ("141123100200", "东关村委会", "village"),
        ]
    )
    assert places.prefix(written) == prefix


# --- people --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_imported_people_get_a_post_and_a_first_password_each(tmp_path):
    mine()
    printed = run("import_users", sheet(tmp_path, WHO, BOSS))
    inspector, boss = User.objects.get(username="zhangsan"), User.objects.get(username="lisi")
    assert (inspector.region, inspector.must_change_password, inspector.posts.count()) == ("141123100", True, 1)
    assert (boss.enterprise_id, boss.is_principal, boss.region) == (MINE, True, "")
    password = next(line.split("\t")[2] for line in printed.splitlines() if "zhangsan" in line)
    assert inspector.check_password(password)


@pytest.mark.django_db
def test_first_passwords_can_be_written_to_a_file_only_its_owner_can_read(tmp_path):
    printed = run("import_users", sheet(tmp_path, WHO), passwords=tmp_path / "p.xlsx")
    assert (tmp_path / "p.xlsx").stat().st_mode & 0o077 == 0
    with CalamineWorkbook.from_path(str(tmp_path / "p.xlsx")) as book:
        _, (username, _, password) = book.get_sheet_by_index(0).to_python()
    assert (
        username == "zhangsan"
        and password not in printed
        and User.objects.get(username="zhangsan").check_password(password)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"用户名": "inspector"}, "用户名", "已有人使用"), ({"用户名": "INSPECTOR"}, "用户名", "已有人使用"), ({"岗位": "皇帝"}, "岗位", "应为"),
        ({"管辖区划": ""}, "管辖区划", "须填管辖区划"), ({"管辖区划": "火星"}, "管辖区划", "没有这个乡镇"), ({"管辖区划": "14112"}, "管辖区划", "没有"),
        ({"管辖行业": "魔法"}, "管辖行业", "没有这个行业"), ({"部门": "天文台"}, "部门", "没有这个部门"), ({"本单位": "某公司"}, "本单位", "没有这家单位"),
        ({"岗位": "企业安全员", "管辖区划": ""}, "本单位", "须填本单位"), ({"岗位": "系统管理员"}, "用户名", "不相符"), ({"姓名": ""}, "姓名", "必填"),
    ],
)  # fmt: skip
def test_an_invalid_person_is_reported_and_nobody_is_imported(change, column, reason, tmp_path):
    before = User.objects.count()
    shown, _ = refused("import_users", sheet(tmp_path, {**WHO, "用户名": "wangwu"}, {**WHO, **change}))
    line = next((each for each in shown.splitlines() if each.startswith("第 3 行")), shown)
    assert column in line and reason in line, shown
    assert User.objects.count() == before
