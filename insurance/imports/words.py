"""The words and codes that files use for our own values, in lower case.

Codes are those of the national interface (domain facts §7): psn_type begins 11 in service, 12 retired. Its codes of
residents are taken too; where a place uses others, the word always works.
"""

from collections.abc import Mapping

from insurance.models.contributions import ContributionKind, ContributionStatus
from insurance.models.enrolments import PersonType, Scheme
from insurance.models.ledger import AccountPart, EntryKind
from insurance.models.people import InsuredPerson

Certificate = InsuredPerson.Certificate
Sex = InsuredPerson.Sex


def _table(words: Mapping[str, str]) -> dict[str, str]:
    """Words separated by blanks → one value each; every value also stands for itself."""
    # Plain texts: COPY would ask of every member of an enumeration what it is.
    table = {word: str(value) for value, line in words.items() for word in line.split()}
    return table | {str(value): str(value) for value in words}


CERTIFICATES = _table(
    {
        Certificate.IDENTITY_CARD: "1 居民身份证 身份证 identity_card",
        Certificate.HONG_KONG: "4 港澳居民居住证（香港） 港澳居民居住证(香港) 香港居民居住证 hong_kong",
        Certificate.MACAO: "5 港澳居民居住证（澳门） 港澳居民居住证(澳门) 澳门居民居住证 macao",
        Certificate.TAIWAN: "6 台湾居民居住证 台湾居民来往大陆通行证 taiwan",
        Certificate.PERMANENT_RESIDENCE: "7 外国人永久居留身份证 外国人永久居留证 permanent_residence",
        Certificate.PASSPORT: "8 护照 外国护照 passport",
        Certificate.OTHER: "其他 other",
    }
)
SEXES = _table(
    {
        Sex.MALE: "1 男 男性 m",
        Sex.FEMALE: "2 女 女性 f",
        Sex.UNKNOWN: "0 9 未知 未登记 未说明",
    }
)
SCHEMES = _table(
    {
        Scheme.EMPLOYEE: "310 职工医保 职工基本医疗保险 职工",
        Scheme.RESIDENT: "390 城乡居民医保 城乡居民基本医疗保险 居民医保 居民",
    }
)
PERSON_TYPES = _table(
    {
        PersonType.IN_SERVICE: "11 1101 1102 在职 在职职工 职工在职",
        PersonType.FLEXIBLE: "1103 灵活就业 灵活就业人员",
        PersonType.RETIRED: "12 1201 1202 1203 退休 退休人员 职工退休",
        PersonType.RESIDENT: "14 1401 1402 15 1501 16 1601 居民 城乡居民",
    }
)
FLAGS = {
    **dict.fromkeys(("1", "是", "有", "y", "yes", "true"), True),
    **dict.fromkeys(("0", "否", "无", "没有", "n", "no", "false"), False),
}
CONTRIBUTION_KINDS = _table(
    {
        ContributionKind.ACTUAL: "实际缴费 正常缴费 正常应缴",
        ContributionKind.BACKPAID: "补缴 一次性补缴",
        ContributionKind.DEEMED: "视同缴费 视同缴费年限",
        ContributionKind.MILITARY: "军龄",
        ContributionKind.UNEMPLOYMENT_FUND: "失业保险基金代缴 失业代缴",
        ContributionKind.POST_RETIREMENT_MONTHLY: "退休后按月续缴 退休后缴费",
    }
)
CONTRIBUTION_STATUSES = _table(
    {
        ContributionStatus.PAID: "已缴 已缴费 已到账 到账",
        ContributionStatus.UNPAID: "欠缴 未缴 未缴费 未到账",
        ContributionStatus.PENDING: "办理中 处理中",
        ContributionStatus.REFUNDED: "已退 已退费 退费",
        ContributionStatus.VOID: "作废 已作废",
    }
)
PARTS = _table(
    {
        AccountPart.WHOLE: "个人账户 账户",
        AccountPart.CURRENT_YEAR: "当年账户 当年",
        AccountPart.PRIOR_YEARS: "历年账户 历年",
        AccountPart.WALLET: "医保钱包 钱包",
    }
)
# Reserving and holding are this site's own doing, no line of a file.
ENTRY_KINDS = _table(
    {
        EntryKind.OPENING: "期初余额 期初 上期结转",
        EntryKind.CREDIT_OWN: "个人缴费划入 划入",
        EntryKind.CREDIT_EMPLOYER_SHARE: "单位缴费划入 单位缴费划入（改革前） 单位缴费划入(改革前)",
        EntryKind.CREDIT_RETIREE: "退休人员划入 退休划入",
        EntryKind.INTEREST: "利息 结息",
        EntryKind.TRANSFER_IN: "从外地转入 转入",
        EntryKind.TRANSFER_OUT: "转往外地 转出",
        EntryKind.YEAR_CHANGE: "当年账户转入历年账户 年度结转",
        EntryKind.SPEND_CARE: "看病支出 门诊支出 住院支出 就医支出",
        EntryKind.SPEND_DRUG: "药店支出 购药支出",
        EntryKind.SPEND_AID: "家人使用 家庭共济支出 共济支出",
        EntryKind.PREMIUM: "代缴保费 保费",
        EntryKind.REFUND: "退费 退费退回 支出退回",
        EntryKind.WALLET_IN: "钱包转入",
        EntryKind.WALLET_OUT: "钱包转出",
        EntryKind.WALLET_RETURN: "钱包退回",
        EntryKind.WITHDRAWAL: "一次性提取 一次性支取",
        EntryKind.REVERSAL: "更正 冲正 退款",
    }
)
