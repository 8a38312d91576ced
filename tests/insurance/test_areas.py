import pytest

from insurance import areas


def test_there_are_thirty_one_provinces_and_three_more():
    assert len(areas.PROVINCES) == 31 + 3


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("320200", "江苏省（320200）"),
        ("320000", "江苏省"),
        ("110000", "北京市"),
        ("110105", "北京市（110105）"),
        ("000000", "全国"),
    ],
)
def test_an_area_is_known_by_its_code_and_province(code, name):
    assert areas.describe(code) == name


def test_an_area_has_an_english_name_too():
    assert areas.describe("320200", english=True) == "Jiangsu (320200)"
    assert areas.describe("000000", english=True) == "Nationwide"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "32010",
        "3201000",
        "99",
        "990100",
        "000100",
        "32010a",
        "３２０１００",
        "320100\n",
        " 320100",
    ],
)
def test_what_is_no_code_of_a_province_is_no_area(code):
    assert areas.describe(code) is None
    assert areas.chain(code) == ()
    assert areas.province_of(code) is None


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("440100", ("440100", "440000", "000000")),
        ("440000", ("440000", "000000")),
        ("310000", ("310000", "000000")),
        ("000000", ("000000",)),
    ],
)
def test_the_nearest_level_speaks_first(code, levels):
    assert areas.chain(code) == levels


def test_every_area_but_the_nation_has_a_parent():
    assert areas.parent_of("440100") == "440000"
    assert areas.parent_of("440000") == "000000"
    assert areas.parent_of("000000") is None
    assert [areas.level_of(code) for code in ("000000", "310000", "310115")] == [
        "nation",
        "province",
        "city",
    ]
