"""Whose money first. An order that isn't saved yet lives in the address, as places of the list that holds."""

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from family import orders
from family.decorators import FOR, ActingRequest, acting_for, pressed
from family.forms.who_pays import BillForm
from family.selectors import order_pages
from family.selectors.order_pages import OrderList
from family.views.asking import TOO_MANY_REQUESTS, ask
from family.views.requests import PersonRequest
from insurance.decorators import insured_person_required
from insurance.views import keyset

CONFLICT = 409
STEPS = {"up": -1, "down": 1}
PREVIEW, SAVE = "preview", "save"
LONGEST_LIST = 2000  # characters: hundreds of payers


@acting_for
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: ActingRequest) -> HttpResponse:
    held = order_pages.order_list(request.acting.owner.pk)
    wanted = _wanted(request, held)
    chosen = request.POST.get("do", "") if request.method == "POST" else ""
    if wanted is None:
        return _page(request, held, stale=True, status=CONFLICT if chosen else 200)
    if chosen == PREVIEW and not request.acting.is_for_other:
        return _preview(request, wanted)
    if chosen == SAVE:
        return _save(request, wanted)
    step, _dash, place = chosen.partition("-")
    if step in STEPS and (number := keyset.row_number(place)) is not None:
        turned = wanted.moved(number, STEPS[step])
        # To the row that moved, so that it can be moved on.
        return redirect(f"{_address(request, turned)}#place-{number + STEPS[step]}")
    return _page(request, wanted)


@acting_for
@require_POST
def undo(request: ActingRequest) -> HttpResponse:
    try:
        made = orders.undo_reorder(
            person=request.acting.owner,
            expected_version=keyset.row_number(request.POST.get("version", "")) or 0,
            **pressed(request),
        )
    except (orders.Stale, orders.NothingToUndo):
        messages.warning(
            request, _("现在不能撤销了：已过 10 分钟，或者后来又改过。现在的顺序在下面。")
        )
        return redirect(reverse("family:order") + request.acting.query)
    return _receipt(request, made.number)


@acting_for
@require_safe
def version(request: ActingRequest, number: int) -> HttpResponse:
    """The receipt of a change, and later its place in the history."""
    person_id = request.acting.owner.pk
    found = order_pages.version(person_id, number)
    if found is None:
        raise Http404
    is_current = order_pages.current_version(person_id) == number
    shown = {
        "version": found,
        "is_current": is_current,
        "may_undo": is_current and orders.may_undo(found.row),
        "acting": request.acting,
    }
    return render(request, "family/order_version.html", shown)


@insured_person_required
@require_safe
def history(request: PersonRequest) -> HttpResponse:
    before = keyset.before(request)
    found = order_pages.history(request.insured_person.pk, before=before)
    return render(request, "family/order_history.html", {"history": found})


def _wanted(request: HttpRequest, held: OrderList) -> OrderList | None:
    """The list in the order of the address, as it holds without one; None for one that no longer fits."""
    if "places" not in request.GET:
        return held
    typed = request.GET["places"][:LONGEST_LIST].split(".")
    places = [number for one in typed if (number := keyset.row_number(one)) is not None]
    if keyset.row_number(request.GET.get("version", "")) != held.version:
        return None
    try:
        return held.ordered(places)
    except ValueError:
        return None


def _address(request: ActingRequest, wanted: OrderList) -> str:
    query = {"version": wanted.version, "places": ".".join(map(str, wanted.places))}
    if request.acting.is_for_other:
        query[FOR] = str(request.acting.owner.reference)
    return f"{reverse('family:order')}?{urlencode(query)}"


def _receipt(request: ActingRequest, number: int) -> HttpResponse:
    return redirect(reverse("family:order-version", args=[number]) + request.acting.query)


def _page(
    request: ActingRequest, shown: OrderList, *, stale: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "order": shown,
        "address": _address(request, shown),
        "form": BillForm(),
        "stale": stale,
        "acting": request.acting,
    }
    return render(request, "family/order.html", context, status=status)


def _preview(request: ActingRequest, wanted: OrderList) -> HttpResponse:
    """For oneself alone: the answer begins with one's own account, which no helper was shown."""
    form = BillForm(request.POST)
    context = {
        "order": wanted,
        "address": _address(request, wanted),
        "form": form,
        "acting": request.acting,
    }
    if not form.is_valid():
        return render(request, "family/order.html", context)
    made = ask(cast(PersonRequest, request), form, binding_ids=wanted.binding_ids)
    if made is None:
        return render(request, "family/order.html", context, status=TOO_MANY_REQUESTS)
    return render(request, "family/order_preview.html", context | {"outcome": made})


def _save(request: ActingRequest, wanted: OrderList) -> HttpResponse:
    try:
        made = orders.reorder(
            person=request.acting.owner,
            binding_ids=wanted.binding_ids,
            expected_version=wanted.version,
            **pressed(request),
        )
    except (orders.Stale, orders.WrongList):
        now = order_pages.order_list(request.acting.owner.pk)
        return _page(request, now, stale=True, status=CONFLICT)
    return _receipt(request, made.number)
