"""An account page as somebody writes it who wants it fast: plain tuples, one loop in Python, no language but one, no rules.

Session and user, five queries and a table of a hundred rows.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html_join

from insurance.models import (
    ContributionPeriod,
    Enrolment,
    LedgerEntry,
    PersonalAccount,
    RegisterFact,
)
from insurance.models.ledger import EntryKind

ROWS = 100
ROW = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n"
KINDS = {str(one): str(one.label) for one in EntryKind}


@login_required
def balance(request: HttpRequest) -> HttpResponse:
    accounts = PersonalAccount.objects.filter(
        person__identity_links__user=request.user.pk, closed_on=None
    )
    account_id, person_id, fen = accounts.values_list("pk", "person_id", "balance_fen")[0]
    area, scheme = Enrolment.objects.filter(person=person_id).values_list("area_id", "scheme")[0]
    entries = LedgerEntry.objects.filter(account=account_id).order_by("-sequence")
    columns = ("posted_at", "kind", "amount_fen", "balance_after_fen")
    rows = format_html_join("", ROW, (_cells(*one) for one in entries.values_list(*columns)[:ROWS]))
    context = {
        "balance": f"{fen / 100:,.2f} 元",
        "area": area,
        "scheme": scheme,
        "periods": ContributionPeriod.objects.filter(person=person_id).count(),
        "facts": RegisterFact.objects.filter(person=person_id).count(),
        "rows": rows,
    }
    return render(request, "page.html", context)


def _cells(posted_at, kind, amount_fen, balance_fen):  # type: ignore[no-untyped-def]
    day = posted_at.strftime("%Y-%m-%d %H:%M")
    return day, KINDS[kind], f"{amount_fen / 100:,.2f}", f"{balance_fen / 100:,.2f}"


urlpatterns = [path("balance/", balance)]
