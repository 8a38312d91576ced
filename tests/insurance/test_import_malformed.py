"""A hundred lines that can't be taken: each is reported with its number, its column and a reason, and its good neighbour is taken."""

import pytest

from insurance.models import ContributionPeriod, InsuredPerson, LedgerEntry
from tests.factories.insurance import make_id_number, make_person
from tests.insurance.importing import (
    contribution_line,
    import_lines,
    ledger_line,
    register_line,
    run,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

REGISTER = [
    ({"psn_no": ""}, "psn_no", "没有填写"),
    ({"psn_no": "  "}, "psn_no", "没有填写"),
    ({"psn_no": "A" * 31}, "psn_no", "30"),
    ({"psn_no": "编号一"}, "psn_no", "字母"),
    ({"psn_no": "3.40101E+17"}, "psn_no", "科学计数"),
    ({"psn_no": make_id_number(area="340000", sequence=9)}, "psn_no", "身份证号"),
    ({"psn_name": ""}, "psn_name", "没有填写"),
    ({"psn_name": "王3"}, "psn_name", "数字"),
    ({"psn_name": "=1+1"}, "psn_name", "公式"),
    ({"psn_name": "王" * 101}, "psn_name", "100"),
    ({"psn_name": "····"}, "psn_name", "姓名"),
    ({"psn_cert_type": ""}, "psn_cert_type", "没有填写"),
    ({"psn_cert_type": "02"}, "psn_cert_type", "证件种类"),
    ({"psn_cert_type": "户口本"}, "psn_cert_type", "证件种类"),
    ({"certno": ""}, "certno", "没有填写"),
    ({"certno": "3.40101E+17"}, "certno", "科学计数"),
    ({"certno": "34010119850101001"}, "certno", "18 位"),
    ({"certno": "340101198501010010"}, "certno", "校验位"),
    ({"certno": "340101198501011000"}, "certno", "改成了 0"),
    ({"certno": make_id_number(area="340101", born="19851301")}, "certno", "日期"),
    ({"certno": make_id_number(area="340101", born="20261201")}, "certno", "将来"),
    ({"certno": make_id_number(area="040101")}, "certno", "前六位"),
    ({"certno": "无"}, "certno", "5 到 20 位"),
    ({"certno": "340101*********010"}, "certno", "5 到 20 位"),
    ({"psn_cert_type": "04", "certno": "H1234567"}, "certno", "18 位"),
    ({"psn_cert_type": "08", "certno": "X12"}, "certno", "5 到 20 位"),
    ({"tel": "1541234567"}, "tel", "手机号"),
    ({"tel": "0551-6543210"}, "tel", "手机号"),
    ({"tel": "1.54E+10"}, "tel", "科学计数"),
    ({"social_security_card": "6217000000000000000"}, "social_security_card", "银行卡"),
    ({"social_security_card": "Z123"}, "social_security_card", "9 位"),
    ({"social_security_card": "ZZ1234567"}, "social_security_card", "9 位"),
    ({"gend": "3"}, "gend", "性别"),
    ({"brdy": "1985-02-30"}, "brdy", "没有这一天"),
    ({"brdy": "31048"}, "brdy", "序号"),
    ({"brdy": "2026-11-17"}, "brdy", "将来"),
    ({"brdy": "85-01-01"}, "brdy", "日期应写成"),
    ({"insu_admdvs": ""}, "insu_admdvs", "没有填写"),
    ({"insu_admdvs": "3401"}, "insu_admdvs", "6 位"),
    ({"insu_admdvs": "合肥"}, "insu_admdvs", "6 位"),
    ({"insu_admdvs": "990100"}, "insu_admdvs", "省份"),
    ({"insu_admdvs": "000000"}, "insu_admdvs", "省份"),
    ({"insutype": "320"}, "insutype", "险种"),
    ({"insutype": ""}, "insutype", "没有填写"),
    ({"psn_type": "99"}, "psn_type", "人员类别"),
    ({"psn_type": ""}, "psn_type", "没有填写"),
    ({"insutype": "390"}, "psn_type", "不一致"),
    ({"psn_type": "居民"}, "psn_type", "不一致"),
    ({"start": ""}, "start", "没有填写"),
    ({"start": "2029-01-01"}, "start", "太晚"),
    ({"start": "1849-01-01"}, "start", "太早"),
    ({"end": "2010-06-30"}, "end", "早于"),
    ({"end": "至今"}, "end", "日期应写成"),
]
CONTRIBUTIONS = [
    ({"psn_no": "R9999"}, "psn_no", "没有这个人员编号"),
    ({"psn_no": ""}, "psn_no", "没有填写"),
    ({"area": "34010"}, "area", "6 位"),
    ({"insutype": "职业"}, "insutype", "险种"),
    ({"kind": ""}, "kind", "没有填写"),
    ({"kind": "预缴"}, "kind", "缴费种类"),
    ({"status": "也许"}, "status", "缴费状态"),
    ({"from_month": "2026-13"}, "from_month", "月份"),
    ({"from_month": "1月"}, "from_month", "月份"),
    ({"from_month": ""}, "from_month", "没有填写"),
    ({"to_month": "2025-12"}, "to_month", "早于"),
    ({"to_month": "2206-06"}, "to_month", "月份"),
    ({"to_month": "2028-06"}, "to_month", "太晚"),
    ({"base": "八千"}, "base", "金额"),
    ({"base": "8000.001"}, "base", "金额"),
    ({"base": "-8000"}, "base", "负数"),
    ({"base": "8E3"}, "base", "金额"),
    ({"own_amount": "160。5"}, "own_amount", "金额"),
    ({"own_amount": "=160"}, "own_amount", "金额"),
    ({"payer": "厂" * 121}, "payer", "120"),
    ({"payer": "=HYPERLINK(1)"}, "payer", "公式"),
    ({"payer": "小店15412345678"}, "payer", "手机号"),
    ({"paid_on": "2026-12-01"}, "paid_on", "将来"),
    ({"paid_on": "2026-6"}, "paid_on", "日期应写成"),
    ({"source_ref": ""}, "source_ref", "没有填写"),
    ({"source_ref": "C" * 65}, "source_ref", "64"),
    ({"source_ref": "编号 一"}, "source_ref", "字母"),
]
LEDGER = [
    ({"psn_no": "R9999"}, "psn_no", "没有这个人员编号"),
    ({"part": "副账户"}, "part", "账户应为"),
    ({"area": ""}, "area", "没有填写"),
    ({"kind": "预留"}, "kind", "没有这种账目"),
    ({"kind": "limit_reserve"}, "kind", "没有这种账目"),
    ({"amount": "0"}, "amount", "正负"),
    ({"amount": "-160"}, "amount", "正负"),
    ({"kind": "药店支出", "amount": "45"}, "amount", "正负"),
    ({"kind": "药店支出", "amount": "-4500000"}, "amount", "余额不足"),
    ({"amount": "1.005"}, "amount", "金额"),
    ({"amount": ""}, "amount", "没有填写"),
    ({"for_month": "第一季度"}, "for_month", "月份"),
    ({"posted_at": "2026-01-02 24:61"}, "posted_at", "没有这个时间"),
    ({"posted_at": "2026-11-17"}, "posted_at", "将来"),
    ({"posted_at": "2025-12-31"}, "posted_at", "早于账户"),
    ({"posted_at": ""}, "posted_at", "没有填写"),
    ({"place": "药" * 41}, "place", "40"),
    ({"used_by": "R9999"}, "used_by", "没有这个人员编号"),
    ({"kind": "更正", "amount": "-160"}, "reverses", "更正要写明"),
    ({"kind": "更正", "amount": "-160", "reverses": "L99"}, "reverses", "找不到"),
    ({"kind": "更正", "amount": "-159", "reverses": "L1"}, "amount", "相反"),
    ({"reverses": "L1"}, "reverses", "只有更正"),
    ({"source_ref": ""}, "source_ref", "没有填写"),
]
RAW = [
    (b"R0002,a\x00b", "NUL"),
    (b"R0002,\xff\xfe\xfa", "字节"),
    (b'R0002,"abc,340100', "引号"),
    (b'R0002,"a"b,c', "引号"),
    (b"R0002,a", "2 列"),
    (b"R0002" + b",x" * 40, "41 列"),
    (b"R0002,a\x1bb", "控制字符"),
    (b"x" * 70000, "太长"),
]


def reported_once(outcome, line, column, reason):
    assert outcome.code == 1
    assert [(number, name) for number, name, _problem in outcome.problems] == [(line, column)]
    assert reason in outcome.problems[0][2]


@pytest.mark.parametrize(("cells", "column", "reason"), REGISTER)
def test_a_malformed_line_of_the_register(tmp_path, cells, column, reason):
    outcome = import_lines("register", tmp_path, register_line(1), register_line(2, **cells))
    reported_once(outcome, 3, column, reason)
    assert InsuredPerson.objects.count() == 1


@pytest.mark.parametrize(("cells", "column", "reason"), CONTRIBUTIONS)
def test_a_malformed_line_of_contributions(tmp_path, cells, column, reason):
    make_person(person_number="R0001")
    outcome = import_lines(
        "contributions", tmp_path, contribution_line(1), contribution_line(2, **cells)
    )
    reported_once(outcome, 3, column, reason)
    assert ContributionPeriod.objects.count() == 1


@pytest.mark.parametrize(("cells", "column", "reason"), LEDGER)
def test_a_malformed_line_of_the_ledger(tmp_path, cells, column, reason):
    make_person(person_number="R0001")
    outcome = import_lines("ledger", tmp_path, ledger_line(1), ledger_line(2, **cells))
    reported_once(outcome, 3, column, reason)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(("raw", "reason"), RAW)
def test_a_line_that_can_not_be_cut_into_cells(tmp_path, raw, reason):
    good = [register_line(1).encode(), register_line(3).encode()]
    header = b"psn_no,psn_name,psn_cert_type,certno,tel,social_security_card,gend,brdy,insu_admdvs,insutype,psn_type,start,end"
    path = tmp_path / "file.csv"
    path.write_bytes(b"\n".join([header, good[0], raw, good[1], b""]))
    outcome = run("register", path)
    reported_once(outcome, 3, "", reason)
    assert InsuredPerson.objects.count() == 2


def test_all_faults_of_a_line_are_told_at_once(tmp_path):
    outcome = import_lines(
        "register", tmp_path, register_line(1, psn_name="", certno="x", gend="?", start="bald")
    )
    assert [column for _line, column, _problem in outcome.problems] == [
        "psn_name",
        "certno",
        "gend",
        "start",
    ]
    assert "有误 1 行" in outcome.out
