"""Who had to be told of what, and whether each was told once: notices by settlement and refund, short messages by notice."""

from collections import Counter

from django.db.models import Sum

from accounts.models import SmsMessage
from claims.models import Deduction, Refund, RefundPart, Settlement, SettlementState
from insurance.models import Notice

SETTLEMENT = "claims.settlement"


def faults(carried=None):
    """I14. A message may be sent twice where its sender died between the carrier and the commit, and only then.

    `carried` are the messages that went out, and how many died; None where a full disk undid what was written, too. Each time has its
    try, which was written down before.
    """
    for kind, wanted in _wanted().items():
        about = Notice.objects.filter(kind=kind, about_kind=SETTLEMENT)
        there = Counter(about.values_list("about_ref", "person"))
        for subject in wanted.keys() | there.keys():
            if wanted[subject] != there[subject]:
                yield (
                    "I14",
                    f"{kind} of {subject}: {there[subject]} notices for {wanted[subject]}",
                )
    queued = Notice.objects.filter(sms=Notice.Sms.QUEUED).count()
    messages = SmsMessage.objects.exclude(state=SmsMessage.State.DECOY).count()
    if queued != messages:
        yield "I14", f"{queued} notices with a message, {messages} messages"
    if carried is not None:
        taken, deaths = carried
        sent = SmsMessage.objects.filter(state=SmsMessage.State.SENT).count()
        tries = SmsMessage.objects.aggregate(tries=Sum("tries"))["tries"] or 0
        if not sent <= taken <= min(tries, tries if deaths is None else sent + deaths):
            died = "" if deaths is None else f", {deaths} died"
            yield "I14", f"{taken} messages carried, {sent} sent in {tries} tries{died}"


def _wanted():
    """(receipt, person) → how many notices of each kind there have to be."""
    settled = Settlement.objects.filter(state=SettlementState.SETTLED)
    used = Deduction.objects.filter(
        settlement__state=SettlementState.SETTLED, binding__isnull=False
    ).values_list("settlement__reference", "binding", "binding__giver")
    back = RefundPart.objects.filter(deduction__binding__isnull=False).values_list(
        "refund",
        "refund__settlement__reference",
        "deduction__binding",
        "deduction__binding__giver",
    )
    return {
        "claims.settled": Counter(settled.values_list("reference", "patient")),
        "claims.used": Counter((ref, giver) for ref, _one, giver in set(used)),
        "claims.refunded": Counter(
            Refund.objects.values_list("settlement__reference", "settlement__patient")
        ),
        "claims.given_back": Counter((ref, giver) for _refund, ref, _one, giver in set(back)),
    }
