"""Every name, identifier and value of the rules has words on the page, in both languages."""

import re

import pytest
from django.utils import translation

from insurance import policy_folder
from insurance.policy_labels import LABELS, TOPIC_LABELS
from insurance.policy_names import CATALOGUE, MATERIAL_CONDITIONS, MATERIALS, TOPICS
from insurance.policy_text import text_of
from insurance.policy_words import OPTIONS, word
from tests.insurance.policy_texts import entry, read


def test_every_name_and_topic_of_the_catalogue_has_a_label():
    assert set(LABELS) == set(CATALOGUE)
    assert set(TOPIC_LABELS) == set(TOPICS)
    assert all(str(label) for label in LABELS.values())


def test_every_identifier_has_a_word():
    for name in CATALOGUE.values():
        for option in name.options:
            assert str(word(name.name, option)), f"{name.name} {option}"
    assert set(MATERIALS) | set(MATERIAL_CONDITIONS) <= set(OPTIONS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_value_in_the_repository_can_be_said(language):
    with translation.override(language):
        for one in policy_folder.read().files:
            for value in one.values:
                said = text_of(value)
                assert said
                assert not re.search(r"[A-Z]{3,}_|[{}<>]|None", said), f"{value.name}: {said}"


SAYINGS = [
    (entry(), "7%"),
    (entry(value="0.0875"), "8.75%"),
    (entry(name="rates.late_fee_per_day", value="0.0005"), "0.05%"),
    (entry(name="rates.base_floor_fen", unit="fen", value=716200), "7,162.00 元"),
    (
        entry(name="contribution_years.needed_months.male", unit="months", value=360),
        "30年",
    ),
    (entry(name="gap.backpay_months", unit="months", value=3), "3个月"),
    (entry(name="gap.backpay_months", unit="months", value=186), "15年6个月"),
    (entry(name="withdrawal.working_days", unit="working_days", value=10), "10个工作日"),
    (
        entry(name="account_credit.reform_from", unit="date", value="2022-09-01"),
        "2022年9月1日",
    ),
    (entry(name="uses.cash", unit="list", list_kind="complete", value=[]), "不可以"),
    (
        entry(name="withdrawal.pay_to", unit="list", list_kind="open", value=["CASH", "CHEQUE"]),
        "现金、支票",
    ),
    (
        entry(name="withdrawal.pay_to.death", unit="list", list_kind="open", value=["CASH"]),
        "现金",
    ),
    (
        entry(
            name="account_credit.retiree_fen",
            unit="record",
            value=[
                {"age_from": 0, "age_below": 70, "fen": 10000},
                {"age_from": 70, "age_below": None, "fen": 11000},
            ],
        ),
        "不满70岁100.00 元；70岁起110.00 元",
    ),
    (
        entry(
            name="withdrawal.materials.common",
            unit="record",
            value=[{"any_of": ["E_VOUCHER", "ID_DOCUMENT"]}],
        ),
        "医保码或有效身份证件",
    ),
]


@pytest.mark.parametrize(("raw", "said"), SAYINGS)
def test_a_value_is_said_in_full_and_nothing_is_rounded(raw, said):
    (value,) = read(raw).values
    with translation.override("zh-hans"):
        assert text_of(value) == said
