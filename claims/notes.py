"""What the families are told of a bill: the patient everything, a giver the amount, the day and the kind of place."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy import mask_name
from claims.models import Settlement, WalletTransfer
from claims.writing import Part, place_of
from family.models import Binding
from insurance import notices
from insurance.notices import Text

notices.TEXTS.update(
    {
        "claims.settled": Text(
            _("结算完成"),
            _("%(day)s 在%(place)s结算：账户付了 %(paid_fen)s，您付现金 %(cash_fen)s。"),
            _("您的一笔医保结算已完成。"),
        ),
        "claims.used": Text(
            _("家人用了您账户里的钱"),
            _("%(day)s %(name)s 在%(place)s用了您账户里的 %(amount_fen)s。"),
            _("家人用了您医保账户里的钱。"),
        ),
        "claims.refunded": Text(
            _("一笔结算退费了"),
            _("%(day)s 在%(place)s的结算退了 %(amount_fen)s，其中现金 %(cash_fen)s 由机构退给您。"),
            _("您的一笔医保结算退费了。"),
        ),
        "claims.given_back": Text(
            _("家人用的钱退回来了"),
            _("%(day)s %(name)s 在%(place)s用的钱退回您账户 %(amount_fen)s。"),
            _("家人用的钱退回了您的医保账户。"),
        ),
        "claims.wallet_came": Text(
            _("有钱转进您的医保钱包"),
            _("%(name)s 给您的医保钱包转了 %(amount_fen)s。"),
            _("有钱转进了您的医保钱包。"),
        ),
        "claims.wallet_back": Text(
            _("转出去的钱退回来了"),
            _("%(name)s 把 %(amount_fen)s 退回了您的账户。"),
            _("转给家人医保钱包的钱有一笔退回来了。"),
        ),
    }
)


def settled(settlement: Settlement, parts: Sequence[Part]) -> None:
    """The patient stands at the desk and needs no short message; whoever else paid gets one."""
    about = _about(settlement)
    notices.tell(
        person=settlement.patient,
        kind="claims.settled",
        params=about | {"paid_fen": settlement.paid_fen, "cash_fen": settlement.cash_fen},
        about=settlement,
        sms=False,
    )
    _tell_givers(settlement, "claims.used", about, _by_binding(parts))


def refunded(
    settlement: Settlement, *, amount_fen: int, cash_fen: int, parts: Sequence[Part]
) -> None:
    about = _about(settlement)
    notices.tell(
        person=settlement.patient,
        kind="claims.refunded",
        params=about | {"amount_fen": amount_fen, "cash_fen": cash_fen},
        about=settlement,
        sms=False,
    )
    _tell_givers(settlement, "claims.given_back", about, _by_binding(parts))


def _about(settlement: Settlement) -> dict[str, str | int]:
    return {
        "day": timezone.localdate(settlement.settled_at).isoformat(),
        "place": place_of(settlement.provider),
    }


def _by_binding(parts: Iterable[Part]) -> dict[int, int]:
    """What each giver's accounts gave together."""
    found: dict[int, int] = {}
    for part in parts:
        if part.binding_id is not None:
            found[part.binding_id] = found.get(part.binding_id, 0) + part.amount_fen
    return found


def _tell_givers(
    settlement: Settlement, kind: str, about: dict[str, str | int], amounts: dict[int, int]
) -> None:
    if not amounts:
        return
    name = mask_name(settlement.patient.name)
    for binding in Binding.objects.filter(pk__in=amounts).select_related("giver").order_by("pk"):
        if binding.giver is not None:
            notices.tell(
                person=binding.giver,
                kind=kind,
                params=about | {"name": name, "amount_fen": amounts[binding.pk]},
                about=settlement,
            )


def transferred(transfer: WalletTransfer, binding: Binding) -> None:
    if binding.giver is None or binding.beneficiary is None:
        return
    notices.tell(
        person=binding.beneficiary,
        kind="claims.wallet_came",
        params={"name": mask_name(binding.giver.name), "amount_fen": transfer.amount_fen},
        about=transfer,
    )


def returned(transfer: WalletTransfer, binding: Binding, amount_fen: int) -> None:
    if binding.giver is None or binding.beneficiary is None:
        return
    notices.tell(
        person=binding.giver,
        kind="claims.wallet_back",
        params={"name": mask_name(binding.beneficiary.name), "amount_fen": amount_fen},
        about=transfer,
    )
