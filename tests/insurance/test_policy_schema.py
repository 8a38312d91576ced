"""The loader refuses a wrong file and says where."""

import pytest

from insurance.policy_schema import PolicyFileError, dump, missing_faults, parse, parse_sources
from tests.insurance.policy_texts import SOURCES, blank, entry, read, text

FIRST = 9  # the line of the first entry of policy_texts.text


def faults(*entries, **header):
    with pytest.raises(PolicyFileError) as refused:
        read(*entries, **header)
    return [str(fault) for fault in refused.value.faults]


def test_a_good_file_is_read():
    policy = read(entry(), blank(name="withdrawal.cases", unit="list"))
    assert [value.value for value in policy.values] == ["0.07", None]
    assert policy.values[0].level == "city"
    assert policy.values[0].citations[0].source.title == "文件A1"


WRONG_ENTRIES = [
    (entry(name="rates.emplyer"), "目录里没有这个名称：rates.emplyer"),
    (entry(unit="fen"), "单位应为 ratio"),
    (entry(value="7%"), "小数文本"),
    (entry(value=0.07), "小数文本"),
    (entry(value="1.5"), "小数文本"),
    (entry(name="rates.base_floor_fen", unit="fen", value=1234.5), "整数"),
    (entry(name="rates.base_floor_fen", unit="fen", value=True), "整数"),
    (entry(name="rates.base_floor_fen", unit="fen", value=-1), "整数"),
    (entry(name="benefit.waiting_months.flexible", unit="months", value="6"), "整数"),
    (
        entry(name="account_credit.reform_from", unit="date", value="2022-13-01"),
        "应为日期",
    ),
    (entry(name="account.split", unit="choice", value="three"), "之一"),
    (
        entry(name="withdrawal.cases", unit="list", list_kind="open", value=["DEAD"]),
        "列表里不能有 DEAD",
    ),
    (
        entry(name="withdrawal.cases", unit="list", list_kind="open", value=["DEATH"] * 2),
        "重复",
    ),
    (entry(name="withdrawal.cases", unit="list", value=["DEATH"]), "list_kind"),
    (entry(list_kind="open"), "list_kind"),
    (entry(sources=[{"id": "S999"}]), "没有登记的来源：S999"),
    (entry(sources=None), "有值就要有来源"),
    (entry(sources=["A1"]), "sources 应为列表"),
    (entry(sources=[{"id": "P1"}]), "官方来源"),
    (entry(confidence="disputed"), "confidence 应为"),
    (entry(confidence="seed_only"), "网络文章"),
    (
        entry(confidence="secondary", sources=[{"id": "SEED"}], evidence="seed"),
        "网络文章",
    ),
    (entry(evidence="guessed"), "evidence 应为"),
    (entry(mark="doubtful"), "mark 只能是 disputed"),
    (entry(valid_from="2024-02-30"), "valid_from 应为日期"),
    (entry(valid_from="2024-03-01", valid_to="2024-02-29"), "早于 valid_from"),
    (entry(valid_form="2024-03-01"), "没有这一项：valid_form"),
    (entry(value=None), "emptiness 应为"),
    (entry(emptiness="gap"), "有值就没有 emptiness"),
    (blank(emptiness="unknown"), "emptiness 应为"),
    (blank(note=""), "写明原因"),
    (blank(confidence="official"), "没有 confidence"),
    (blank(emptiness="none_required"), "有值就要有来源"),
    (entry(name="retirement.formula.m60", unit="record", value={}), "只能由国家一级规定"),
    ("a text", "每一条应有"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG_ENTRIES)
def test_a_wrong_entry_is_refused_with_its_line(wrong, message):
    found = faults(entry(name="hotline.local", unit="digits", value="12393"), wrong)
    assert found
    assert all(fault.startswith(f"320100.json:{FIRST + 1}: ") for fault in found)
    assert any(message in fault for fault in found)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("account.benefit_year", {"from": "07-01"}),
        ("account.benefit_year", {"from": "13-01", "to": "06-30"}),
        ("contribution_years.deemed_rule", {"continuous_service_until": "1992"}),
        ("account_credit.retiree_fen", []),
        ("account_credit.retiree_fen", [{"age_from": 0, "age_below": 70, "fen": 1}]),
        ("account_credit.retiree_fen", [{"age_from": 60, "age_below": None, "fen": 1}]),
        (
            "account_credit.retiree_fen",
            [
                {"age_from": 0, "age_below": 70, "fen": 1},
                {"age_from": 71, "age_below": None, "fen": 1},
            ],
        ),
        ("withdrawal.materials.death", [{"any_of": []}]),
        ("withdrawal.materials.death", [{"any_of": ["A_LETTER"]}]),
        ("withdrawal.materials.death", [{"any_of": ["HEIR_ID"], "only_if": "IT_RAINS"}]),
    ],
)
def test_a_record_of_the_wrong_shape_is_refused(name, wrong):
    assert f":{FIRST}: {name}" in faults(entry(name=name, unit="record", value=wrong))[0]


def test_every_fault_of_a_file_is_told_at_once():
    found = faults(entry(name="a"), entry(name="hotline.local", unit="digits", value="x"))
    assert [fault.split(":")[1] for fault in found] == [str(FIRST), str(FIRST + 1)]


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (entry(), entry(value="0.08")),
        (entry(valid_from="2024-01-01", valid_to="2024-12-31"), entry(valid_from="2024-12-31")),
        (entry(), entry(confidence="secondary", evidence="press", value="0.08")),
        (
            entry(confidence="secondary", sources=[{"id": "P1"}]),
            entry(confidence="secondary", sources=[{"id": "A2"}], value="0.08"),
        ),
        (entry(mark="disputed"), entry(value="0.08")),
    ],
)
def test_overlaps_which_are_no_disputes_are_refused(early, late):
    assert f"320100.json:{FIRST + 1}: rates.employer：时间重叠" in faults(early, late)[0]


def test_an_open_end_is_refused_where_a_newer_value_starts():
    found = faults(
        entry(valid_from="2022-01-01"),
        entry(valid_from="2024-01-01", value="0.08", sources=[{"id": "A2"}]),
    )
    assert found == [
        f"320100.json:{FIRST}: rates.employer：valid_to 空着，但从 2024-01-01 起有新的值"
        f"（另见第 {FIRST + 1} 行）"
    ]


def test_an_open_end_is_found_in_whatever_order_the_entries_stand():
    found = faults(entry(valid_from="2024-01-01", value="0.08"), entry(valid_from="2022-01-01"))
    assert found[0].startswith(f"320100.json:{FIRST + 1}: rates.employer：valid_to 空着")


@pytest.mark.parametrize(
    "kept",
    [
        (entry(mark="disputed"), entry(value="0.08", mark="disputed")),
        (
            entry(valid_from="2022-01-01", valid_to="2023-12-31"),
            entry(valid_from="2024-01-01", value="0.08"),
        ),
        (
            entry(valid_from="2022-01-01"),
            entry(confidence="seed_only", evidence="seed", sources=[{"id": "SEED"}], value="0.08"),
        ),
        (
            blank(),
            entry(confidence="seed_only", evidence="seed", sources=[{"id": "SEED"}], value="0.08"),
        ),
        (blank(valid_to="2023-12-31"), entry(valid_from="2024-01-01")),
    ],
)
def test_disputes_successions_and_claims_of_articles_are_kept_side_by_side(kept):
    assert len(read(*kept).values) == len(kept)


@pytest.mark.parametrize("beside", [entry(), blank(emptiness="gap")])
def test_a_blank_cannot_stand_beside_a_value_of_the_same_day(beside):
    assert "同一时间又有值又空着" in faults(blank(), beside)[0]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"area": "990100"}, "省份代码"),
        ({"listed": "yes"}, "listed"),
        ({"checked_on": "today"}, "checked_on"),
        ({"name_zh": ""}, "name_zh"),
        ({"schema": "policy-file/2"}, "schema"),
        ({"extra": 1}, "开头应有"),
    ],
)
def test_a_wrong_header_is_refused(header, message):
    assert message in faults(entry(), **header)[0]


def test_a_file_stands_under_the_name_of_its_area():
    with pytest.raises(PolicyFileError, match=r"320200\.json:1: 文件名应为 320100"):
        parse(text(entry()), file="320200.json", sources=SOURCES)


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("", ":1:"),
        ("[]", ":1:"),
        ('{"values": {}}', ":1:"),
        ('{\n"values": [\n{"a": 1,}\n]}', ":3:"),
        (text(entry()).replace('"unit"', '"name": "x", "unit"'), "同一项写了两次：name"),
        (text(entry()).replace('"listed"', '"area": "1", "listed"'), "同一项写了两次：area"),
    ],
)
def test_what_is_no_proper_json_is_refused(broken, where):
    with pytest.raises(PolicyFileError, match=r"320100\.json") as refused:
        parse(broken, file="320100.json", sources=SOURCES)
    assert where in str(refused.value)


def test_writing_and_reading_again_gives_the_same():
    policy = read(
        entry(valid_from="2024-01-01", note="说明。"), blank(name="withdrawal.cases", unit="list")
    )
    again = parse(dump(policy), file=policy.file, sources=SOURCES)
    assert again.values == policy.values
    assert again.digest == policy.digest
    assert dump(again) == dump(policy)


def test_the_digest_follows_what_is_said_and_not_how_it_is_laid_out():
    said = text(entry())
    spaced = parse(said.replace(", ", ",   "), file="320100.json", sources=SOURCES)
    assert spaced.digest == read(entry()).digest
    assert read(entry(value="0.08")).digest != read(entry()).digest
    assert read(entry(), checked_on="2026-11-22").digest != read(entry()).digest


def test_a_listed_area_answers_every_local_name_itself_or_through_its_province():
    city = read(entry(), listed=True)
    missing = {fault.message.split("：")[0] for fault in missing_faults([city])}
    assert "缺少 withdrawal.cases" in missing
    assert "缺少 rates.employer" not in missing
    province = read(blank(name="withdrawal.cases", unit="list"), area="320000")
    missing = {fault.message.split("：")[0] for fault in missing_faults([city, province])}
    assert "缺少 withdrawal.cases" not in missing
    assert missing_faults([province]) == []


def test_the_nation_is_no_answer_to_what_each_place_decides():
    nation = read(blank(name="withdrawal.cases", unit="list"), area="000000")
    city = read(entry(), listed=True)
    files = {
        fault.file
        for fault in missing_faults([nation, city])
        if "withdrawal.cases" in fault.message
    }
    assert files == {"320100.json"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"id": "A1", "kind": "normative", "title": "甲"}', "来源应有"),
        ('{"id": "A1", "kind": "rumour", "title": "甲", "how": "乙"}', "没有这种来源"),
        ('{"id": "A1", "kind": "law", "title": "甲", "how": ""}', "不空"),
        ('{"id": "A2", "kind": "law", "title": "甲", "how": "乙", "url": "javascript:x"}', "网址"),
        ('{"id": "A1", "kind": "law", "title": "甲", "how": "乙"}', "写了两次"),
    ],
)
def test_a_wrong_source_is_refused(row, message):
    good = '{"id": "A1", "kind": "law", "title": "甲", "how": "乙"}'
    register = f'{{"schema": "policy-sources/1",\n"sources": [\n{good},\n{row}\n]}}'
    with pytest.raises(PolicyFileError, match=message) as refused:
        parse_sources(register)
    assert str(refused.value).startswith("sources.json:4:")
