"""Every movement: the page, the paper, the file, and one entry explained.

An address names a part of the visitor's own account, never an account: whoever else types it sees their own money or a 404.
"""

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.privacy import mask_id_number, mask_name
from insurance.decorators import insured_person_required
from insurance.holdings import AccountLine, Holdings, holdings
from queries.exports import statement_lines
from queries.forms import StatementForm
from queries.selectors import statement as selectors
from queries.views import filters
from queries.views.requests import ReaderRequest

# Says nothing about whose file it is: downloads are left lying about.
FILE_NAME = "statement.csv"


@insured_person_required
@require_safe
def statement(request: ReaderRequest) -> HttpResponse:
    held, part = _own_part(request)
    if part is None:
        return render(request, "queries/statement_none.html")
    form = StatementForm(request.GET)
    context = {"form": form, **_around(held, part, form.chosen)}
    if form.is_valid():
        context |= _found(request.insured_person.pk, part, form)
    return render(request, "queries/statement.html", context)


@insured_person_required
@require_safe
def printed(request: ReaderRequest) -> HttpResponse:
    _held, part = _own_part(request)
    form = StatementForm(request.GET)
    if part is None or not form.is_valid():
        return _back_to_page(request)
    rows, cut = selectors.printable(
        account_id=part.id, person_id=request.insured_person.pk, chosen=form.chosen
    )
    context = {
        "part": part,
        "name": mask_name(request.insured_person.name),
        "id_number": mask_id_number(request.insured_person.id_number),
        "chosen": form.chosen,
        "rows": rows,
        "cut": cut,
        "limit": selectors.PRINT_ROWS,
        "totals": selectors.totals(account_id=part.id, chosen=form.chosen),
        "now": timezone.now(),
        "back": filters.query(part, form.chosen),
    }
    return render(request, "queries/statement_print.html", context)


@insured_person_required
@require_safe
@cache_control(no_store=True, private=True)
def as_file(request: ReaderRequest) -> HttpResponse | StreamingHttpResponse:
    _held, part = _own_part(request)
    form = StatementForm(request.GET)
    if part is None or not form.is_valid():
        return _back_to_page(request)
    rows = selectors.stream(
        account_id=part.id, person_id=request.insured_person.pk, chosen=form.chosen
    )
    return StreamingHttpResponse(
        statement_lines(rows, part=part.label),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@insured_person_required
@require_safe
def entry(request: ReaderRequest, sequence: int) -> HttpResponse:
    _held, part = _own_part(request)
    row = part and selectors.entry(
        account_id=part.id, person_id=request.insured_person.pk, sequence=sequence
    )
    if part is None or row is None:
        raise Http404
    context = {"row": row, "part": part, "back": filters.query(part, selectors.Filter())}
    return render(request, "queries/entry.html", context)


def _own_part(request: ReaderRequest) -> tuple[Holdings, AccountLine | None]:
    """The visitor's accounts and the one asked for; None where there is none at all, 404 for a strange name."""
    held = holdings(request.insured_person.pk)
    part = held.by_key(request.GET.get("part", ""))
    if part is None and (held.all or "part" in request.GET):
        raise Http404
    return held, part


def _back_to_page(request: ReaderRequest) -> HttpResponse:
    """The page says what is wrong with the filter; paper and file can't."""
    response = redirect("queries:statement")
    response["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
    return response


def _found(person_id: int, part: AccountLine, form: StatementForm) -> dict[str, Any]:
    """A page of it and the totals of all of it."""
    page = selectors.page(
        account_id=part.id,
        person_id=person_id,
        chosen=form.chosen,
        before=form.cleaned_data["before"],
        after=form.cleaned_data["after"],
    )
    older, newer = page.older_than, page.newer_than
    return {
        "page": page,
        "newer_url": newer and filters.query(part, form.chosen, after=newer),
        "older_url": older and filters.query(part, form.chosen, before=older),
        "totals": selectors.totals(account_id=part.id, chosen=form.chosen),
    }


def _around(held: Holdings, part: AccountLine, chosen: selectors.Filter) -> dict[str, Any]:
    return {
        "part": part,
        "chosen": chosen,
        "parts": filters.parts(held, part, chosen),
        "periods": filters.periods(part, chosen, timezone.localdate()),
        "query": filters.query(part, chosen),
    }
