"""ledger.csv: a line for each movement of an account, the lines of an account in the order of time."""

from django.utils.translation import gettext_lazy as _

from insurance.imports import cells, words
from insurance.imports.columns import Column
from insurance.imports.items import Item
from insurance.models.ledger import AccountPart, EntryKind

COLUMNS = (
    Column("person_number", "人员编号", "person_number", "psn_no", cells.key(30), needed=True),
    Column(
        "part", "账户", "part", "",
        cells.one_of(words.PARTS, _("账户应为 个人账户、当年账户、历年账户 或 医保钱包")), also=("账户类型",),
    ),
    Column("area", "管理地", "area", "insu_admdvs", cells.area, needed=True, also=("参保地", "admdvs")),
    Column(
        "kind", "种类", "kind", "",
        cells.one_of(words.ENTRY_KINDS, _("没有这种账目；可用的种类见 docs/imports.md")), needed=True, also=("业务种类",),
    ),
    Column("amount_fen", "金额", "amount", "", cells.signed_amount, needed=True, also=("金额（元）",)),
    Column("for_month", "所属月份", "for_month", "accrym", cells.month),
    Column("posted_at", "入账时间", "posted_at", "setl_time", cells.moment, needed=True, also=("入账日期",)),
    Column("place", "地点种类", "place", "", cells.free_text(40), also=("地点",)),
    Column("used_by", "使用人编号", "used_by", "", cells.key(30)),
    Column("reverses", "更正的来源编号", "reverses", "", cells.key(64)),
    Column("source_ref", "来源编号", "source_ref", "setl_id", cells.key(64), needed=True),
)  # fmt: skip


def check(item: Item) -> None:
    """What the cells of one line say of each other. An empty account column means the one account."""
    if item["part"] is None and not any(fault.key == "part" for fault in item.faults):
        item.values["part"] = AccountPart.WHOLE
    is_reversal = item["kind"] == EntryKind.REVERSAL
    if is_reversal and not item["reverses"]:
        item.refuse("reverses", _("更正要写明更正哪一个来源编号"))
    if item["reverses"] and item["kind"] and not is_reversal:
        item.refuse("reverses", _("只有更正才写更正的来源编号"))
