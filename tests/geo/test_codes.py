import pytest

from geo import codes


@pytest.mark.parametrize(
    "code, prefix, level, parent",
    [
        ("140000000000", "14", "province", None),
        ("141100000000", "1411", "city", "140000000000"),
        ("141000000000", "1410", "city", "140000000000"),  # 临汾市: a zero that means something
        ("141123000000", "141123", "county", "141100000000"),
        ("141030000000", "141030", "county", "141000000000"),
        ("141123100000", "141123100", "township", "141123000000"),
        ("141123100200", "141123100200", "village", "141123100000"),
    ],
)
def test_a_region_code_gives_prefix_level_and_parent(code, prefix, level, parent):
    assert (codes.prefix_of(code), codes.level_of(code), codes.parent_of(code)) == (prefix, level, parent)


@pytest.mark.parametrize("text", ["", "141123", "14112310020a", "1411231002000", "041123100200", "141123100200\n", "１41123100200"])
def test_only_twelve_ascii_digits_are_a_region_code(text):
    assert not codes.is_code(text)


@pytest.mark.parametrize(
    "prefixes, shared",
    [
        (["141123100", "141123101"], "141123"),
        (["141123", "141124"], "1411"),
        (["1401", "1411"], "14"),
        (["14", "61"], ""),
        (["141123"], "141123"),
        ([], ""),
    ],
)
def test_the_scope_of_a_list_is_the_longest_common_prefix_of_its_codes(prefixes, shared):
    assert codes.common_prefix(prefixes) == shared
