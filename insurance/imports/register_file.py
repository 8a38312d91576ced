"""register.csv: a line for each person and enrolment, with what happened to the person beside it."""

import re
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from accounts.id_number import IdNumber
from insurance.imports import cells, words
from insurance.imports.cells import CellError
from insurance.imports.columns import Column
from insurance.imports.items import Item
from insurance.models.enrolments import PersonType, Scheme
from insurance.models.facts import FactKind
from insurance.models.people import InsuredPerson

Certificate = InsuredPerson.Certificate
Sex = InsuredPerson.Sex

# Travel permits and the old card of permanent residents, where the number isn't eighteen digits (domain facts §8).
OLD_FORMS = {
    Certificate.HONG_KONG: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    Certificate.MACAO: re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    Certificate.TAIWAN: re.compile(r"[0-9]{8}"),
    Certificate.PERMANENT_RESIDENCE: re.compile(r"[A-Z]{3}[0-9]{12}"),
}
PERMITS = {
    "hong_kong": Certificate.HONG_KONG,
    "macao": Certificate.MACAO,
    "taiwan": Certificate.TAIWAN,
}
# Fact, the columns of its first and last day, the column of the other area.
FACTS = (
    (FactKind.DEATH, "died_on", "", ""),
    (FactKind.ACCOUNT_FREEZE, "freeze_from", "freeze_to", ""),
    (FactKind.SETTLEMENT_SUSPENSION, "suspension_from", "suspension_to", ""),
    (FactKind.TRANSFER_OUT, "transfer_out_on", "transfer_out_done", "transfer_out_area"),
)


_word = cells.one_of


def _person_type(text: str) -> str:
    """A word, or a psn_type: of codes below 11 and 12 only the beginning counts."""
    if re.fullmatch(r"1[12][0-9]{2}", text) and text not in words.PERSON_TYPES:
        text = text[:2]
    return _word(
        words.PERSON_TYPES, _("人员类别应为 在职、灵活就业、退休、居民，或 11、12 开头的代码")
    )(text)


_flag: Callable[[str], bool] = cells.one_of(words.FLAGS, _("应为 是 或 否（1 或 0）"))

COLUMNS = (
    Column("person_number", "人员编号", "person_number", "psn_no", cells.key(30), needed=True),
    Column("name", "姓名", "name", "psn_name", cells.name, needed=True),
    Column(
        "certificate", "证件种类", "certificate", "psn_cert_type",
        _word(words.CERTIFICATES, _("证件种类应为 01、04 到 08、99 或其名称")),
        needed=True, also=("证件类型",),
    ),
    Column(
        "id_number", "证件号码", "id_number", "certno", cells.certificate_number,
        needed=True, also=("身份证号", "身份证号码", "公民身份号码"),
    ),
    Column("phone", "手机号", "phone", "tel", cells.phone, also=("手机号码", "联系电话", "mobile")),
    Column("social_security_card", "社会保障卡号", "social_security_card", "", cells.card, also=("社保卡号", "card")),
    Column("sex", "性别", "sex", "gend", _word(words.SEXES, _("性别应为 男（1）、女（2）或 未知（9）"))),
    Column("birth_date", "出生日期", "birth_date", "brdy", cells.past_day),
    Column("area", "参保地", "area", "insu_admdvs", cells.area, needed=True, also=("insuplc_admdvs", "统筹区", "admdvs")),
    Column("scheme", "险种", "scheme", "insutype", _word(words.SCHEMES, _("险种应为 310（职工）或 390（居民）")), needed=True),
    Column("person_type", "人员类别", "person_type", "psn_type", _person_type, needed=True),
    Column("flexible", "灵活就业标志", "flexible", "flxempe_flag", _flag),
    Column("tier", "档次", "tier", "", cells.free_text(20)),
    Column("employer", "参保单位", "employer", "emp_name", cells.free_text(120), also=("单位名称",)),
    Column("has_account", "有个人账户", "has_account", "", _flag),
    Column("starts_on", "参保开始日期", "start", "psn_insu_date", cells.day, needed=True, also=("starts_on", "begndate")),
    Column("ends_on", "参保结束日期", "end", "paus_insu_date", cells.day, also=("ends_on", "enddate")),
    Column("died_on", "去世日期", "death_date", "", cells.past_day, also=("死亡日期",)),
    Column("freeze_from", "冻结开始日期", "freeze_from", "", cells.day),
    Column("freeze_to", "冻结结束日期", "freeze_to", "", cells.day),
    Column("suspension_from", "暂停联网结算开始日期", "suspension_from", "", cells.day),
    Column("suspension_to", "暂停联网结算结束日期", "suspension_to", "", cells.day),
    Column("transfer_out_on", "转出日期", "transfer_out_date", "", cells.past_day),
    Column("transfer_out_done", "转出完成日期", "transfer_out_done", "", cells.past_day),
    Column("transfer_out_area", "转往地", "transfer_out_area", "", cells.area),
)  # fmt: skip


def check(item: Item) -> None:
    """What the cells of one line say of each other; cells that are faulty by themselves say nothing."""
    _check_certificate(item)
    _check_type(item)
    for first, last in (
        ("starts_on", "ends_on"),
        ("freeze_from", "freeze_to"),
        ("suspension_from", "suspension_to"),
        ("transfer_out_on", "transfer_out_done"),
    ):
        _check_order(item, first, last)
    if item["transfer_out_area"] and not item["transfer_out_on"]:
        item.refuse("transfer_out_on", _("写了转往地，没有写转出日期"))
    born, died = item["birth_date"], item["died_on"]
    if born and died and died < born:
        item.refuse("died_on", _("去世日期早于出生日期"))
    if item["transfer_out_on"] and item["transfer_out_done"] is None and item["ends_on"]:
        # Nobody says more of a relation that has ended: its transfer is over.
        item.values["transfer_out_done"] = item["transfer_out_on"]


def _check_order(item: Item, first: str, last: str) -> None:
    if item[last] is None:
        return
    if item[first] is None:
        if first not in (fault.key for fault in item.faults):
            item.refuse(first, _("写了结束日期，没有写开始日期"))
    elif item[last] < item[first]:
        item.refuse(last, _("结束日期早于开始日期"))


def _check_certificate(item: Item) -> None:
    """The number becomes the form it is looked up by; fifteen digits become eighteen."""
    certificate, text = item["certificate"], item["id_number"]
    if certificate is None or text is None:
        return
    free = certificate in (Certificate.PASSPORT, Certificate.OTHER)
    if free or ((form := OLD_FORMS.get(certificate)) and form.fullmatch(text)):
        return
    try:
        number = cells.id_number(text)
    except CellError as error:
        item.refuse("id_number", error.reason)
        return
    item.values["id_number"] = number.text
    if certificate != _kind_of(number):
        item.warn("certificate", _("证件种类与证件号码的形式不一致，请核对"))
    _compare(item, number)


def _kind_of(number: IdNumber) -> str:
    if number.is_permanent_residence_card:
        return Certificate.PERMANENT_RESIDENCE
    return PERMITS.get(number.permit or "", Certificate.IDENTITY_CARD)


def _compare(item: Item, number: IdNumber) -> None:
    """The register's own words stand; where it has none, the number speaks."""
    if item["birth_date"] and number.born != item["birth_date"]:
        item.warn("birth_date", _("出生日期与证件号码不一致，已按文件登记，请核对"))
    said = item["sex"] in (Sex.MALE, Sex.FEMALE)
    if said and number.sex and number.sex != item["sex"]:
        item.warn("sex", _("性别与证件号码不一致，已按文件登记，请核对"))
    item.values["born_by_number"] = number.born
    item.values["sex_by_number"] = number.sex


def _check_type(item: Item) -> None:
    scheme, person_type = item["scheme"], item["person_type"]
    if scheme is None or person_type is None:
        return
    is_resident = scheme == Scheme.RESIDENT
    if is_resident != (person_type == PersonType.RESIDENT):
        item.refuse("person_type", _("人员类别与险种不一致"))
        return
    if item["flexible"] and person_type == PersonType.IN_SERVICE:
        item.values["person_type"] = PersonType.FLEXIBLE
    if is_resident and item["has_account"]:
        item.refuse("has_account", _("居民医保没有个人账户"))
