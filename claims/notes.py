"""What the families are told of a bill: the patient everything, a giver the amount, the day and the kind of place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy import mask_name
from accounts.statements import Query
from claims.deciding import Part
from claims.models import Settlement, WalletTransfer
from claims.writing import place_of
from family.models import Binding
from insurance import notices
from insurance.notices import Addressee, Telling, Text

# Stands for the number of a settlement.
ANY = "GJ-0000-0000-0000-0000-0"
# The bills of a batch are settled at one moment.
MOMENTS_KEPT = 16

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


def settled(
    made: Sequence[tuple[Settlement, Sequence[Part]]], givers: Mapping[int, Addressee]
) -> None:
    """The patient stands at the desk and needs no short message; whoever else paid gets one. `givers` are by binding."""
    tellings = []
    for settlement, parts in made:
        told = {"paid_fen": settlement.paid_fen, "cash_fen": settlement.cash_fen}
        to_patient = _to_patient(settlement, "claims.settled", told)
        tellings.append(to_patient)
        tellings += _to_givers(to_patient, settlement, "claims.used", parts, givers)
    notices.tell_many(tellings)


def refunded(
    settlement: Settlement, *, amount_fen: int, cash_fen: int, parts: Sequence[Part]
) -> None:
    told = {"amount_fen": amount_fen, "cash_fen": cash_fen}
    to_patient = _to_patient(settlement, "claims.refunded", told)
    to_givers = _to_givers(to_patient, settlement, "claims.given_back", parts, givers_of(parts))
    notices.tell_many([to_patient, *to_givers])


def _about(settlement: Settlement) -> dict[str, str | int]:
    return {"day": _day_of(settlement.settled_at), "place": place_of(settlement.provider)}


@lru_cache(maxsize=MOMENTS_KEPT)
def _day_of(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


def _page(settlement: Settlement) -> str:
    """Where everybody concerned reads as much as is theirs."""
    return _page_of_any().replace(ANY, settlement.reference)


@cache
def _page_of_any() -> str:
    """The address differs by the number alone, and is asked for at every bill."""
    return reverse("claims:settlement", args=[ANY])


def _to_patient(settlement: Settlement, kind: str, told: dict[str, int]) -> Telling:
    return Telling(
        settlement.patient,
        kind,
        _about(settlement),
        about=settlement,
        link=_page(settlement),
        sms=False,
        own=told,
    )


def _to_givers(
    to_patient: Telling,
    settlement: Settlement,
    kind: str,
    parts: Sequence[Part],
    givers: Mapping[int, Addressee],
) -> Iterator[Telling]:
    """One for each binding, whatever the number of accounts: of the same case as the patient's, and with the patient's name."""
    amounts: dict[int, int] = {}
    for part in parts:
        if part.binding_id is not None:
            amounts[part.binding_id] = amounts.get(part.binding_id, 0) + part.amount_fen
    if not amounts:
        return
    params = {**to_patient.params, "name": mask_name(settlement.patient.name)}
    for binding_id, fen in amounts.items():
        yield Telling(
            givers[binding_id],
            kind,
            params,
            about=to_patient.about,
            link=to_patient.link,
            own={"amount_fen": fen},
        )


def givers_of(parts: Iterable[Part]) -> dict[int, Addressee]:
    """By binding; as much of them as a notice needs. One query, none where only the patients paid."""
    wanted = sorted({part.binding_id for part in parts if part.binding_id is not None})
    if not wanted:
        return {}
    return {binding_id: Addressee(pk, phone) for binding_id, pk, phone in _GIVERS.rows(wanted)}


_GIVERS = Query(
    lambda binding_ids: (
        Binding.objects.filter(pk__in=binding_ids)
        .order_by("pk")
        .values_list("pk", "giver_id", "giver__phone")
    )
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
