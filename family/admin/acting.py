"""What somebody at the window does with a binding, an order or a grant of theirs: read it out, press, take the receipt."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import ReadOnlyAdmin
from family import changing, check_view, counter, grants, orders, references, words
from family.admin.at_desk import DESK, at_desk, back, own_binding, receipt, version
from family.admin.forms import PlacesForm
from family.admin.scripts import SAY, asked
from family.bindings import NotPossible
from family.changing import Terms
from family.counter import PLAIN, AtCounter
from family.forms.grants import GrantForm
from family.forms.terms import ChangeForm
from family.models import Binding, GrantKind
from family.moves import Move, Side
from family.selectors.order_pages import order_list
from family.selectors.relatives import relatives_of
from family.selectors.states import allows
from family.selectors.terms import rows_of


@at_desk
def move(
    page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, reference: str, what: str
) -> HttpResponse:
    binding = own_binding(at, reference)
    side = _side(binding, at)
    if what not in PLAIN or not allows(binding, Move(what), side):
        raise Http404
    if request.method == "POST":
        try:
            done = counter.move(
                at=at, move=Move(what), binding_id=binding.pk, version=version(request)
            )
        except NotPossible as refused:
            _tell(request, refused, side)
            return redirect(DESK, at.person.pk)
        return receipt(at, done)
    return page.page(
        request,
        "admin/family/move.html",
        title=words.MOVES[what],
        at=at,
        binding=binding,
        say=SAY[Move(what)],
        rows=_rows(binding),
        **back(at.person),
    )


@at_desk
def pause_all(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter) -> HttpResponse:
    if request.method == "POST":
        count = counter.pause_all(at=at)
        messages.success(
            request, _now("暂停了 %(count)s 件，从现在起都不付钱。") % {"count": count}
        )
    return redirect(DESK, at.person.pk)


@at_desk
def change(
    page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, reference: str
) -> HttpResponse:
    binding = own_binding(at, reference)
    if not allows(binding, Move.CHANGE, _side(binding, at)):
        raise Http404
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        held=Terms.of(binding),
        used_fen=binding.limit_used_fen,
        first_day=max(binding.from_day, timezone.localdate()),
    )
    if form.is_valid():
        try:
            done = counter.change(
                at=at, binding_id=binding.pk, terms=form.terms, version=version(request)
            )
        except NotPossible as refused:
            for line in check_view.told(refused.check.told_to(Side.GIVER), Side.GIVER):
                form.add_error(None, line.text)
        else:
            return receipt(at, done)
    return page.page(
        request,
        "admin/family/change.html",
        title=words.MOVES[Move.CHANGE],
        at=at,
        binding=binding,
        form=form,
        asked=asked(form),
        rows=_rows(binding),
        **back(at.person),
    )


@at_desk
def order(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter) -> HttpResponse:
    listed = order_list(at.person.pk)
    if not listed.rows:
        raise Http404
    form = PlacesForm(
        request.POST if request.method == "POST" else None,
        rows=listed.rows,
        initial={"version": listed.version},
    )
    if form.is_valid():
        try:
            counter.reorder(
                at=at,
                binding_ids=form.binding_ids,
                expected_version=form.cleaned_data["version"],
            )
        except (orders.Stale, orders.WrongList):
            form = PlacesForm(rows=listed.rows, initial={"version": listed.version})
            messages.error(request, _now("先后刚刚有了变化，刚才这一步没有办。请看现在的先后。"))
        else:
            messages.success(request, _now("先后改好了，从下一笔开始。"))
            return redirect(DESK, at.person.pk)
    return page.page(
        request,
        "admin/family/ask.html",
        title=_("先用谁的钱"),
        at=at,
        form=form,
        asked=asked(form),
        say=_("看病买药时，先用哪一位的钱，再用哪一位的？"),
        submit=_("照这样改"),
        **back(at.person),
    )


@at_desk
def grant(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter) -> HttpResponse:
    known = relatives_of(at.person.pk, timezone.localdate())
    relatives = [one for one in known if one.person != at.presence.guardian]
    form = GrantForm(request.POST if request.method == "POST" else None, relatives=relatives)
    if form.is_valid():
        today = timezone.localdate()
        try:
            counter.grant(
                at=at,
                helper=form.relatives[form.cleaned_data["helper"]],
                kind=GrantKind(form.cleaned_data["kind"]),
                from_day=today,
                to_day=form.last_day(today),
            )
        except grants.NotRelated:
            form.add_error("helper", _now("这位家人和来人已经没有家庭共济，也不是监护关系。"))
        else:
            messages.success(request, _now("办好了。随时可以取消。"))
            return redirect(DESK, at.person.pk)
    return page.page(
        request,
        "admin/family/ask.html",
        title=_("请家人帮忙看或者代办"),
        at=at,
        form=form if relatives else None,
        asked=asked(form),
        say=_("这种帮忙只能看、替您办，不能花您的钱。每看一次都会记下来。"),
        nothing=_("来人现在没有家庭共济或者监护关系里的家人，不能请人帮忙。"),
        submit=_("授权"),
        **back(at.person),
    )


@at_desk
def revoke(page: ReadOnlyAdmin, request: HttpRequest, at: AtCounter, grant_id: int) -> HttpResponse:
    if request.method == "POST":
        counter.revoke(at=at, grant_id=grant_id)
        messages.success(request, _now("取消了，从现在起不能再看、不能再办。"))
    return redirect(DESK, at.person.pk)


def _side(binding: Binding, at: AtCounter) -> Side:
    return Side.GIVER if binding.giver_id == at.person.pk else Side.BENEFICIARY


def _rows(binding: Binding) -> list[dict[str, Any]]:
    spoken = references.grouped(binding.reference)
    terms = [{"label": row.label, "value": row.value} for row in rows_of(binding)]
    return [{"label": _("受理号"), "value": spoken}, *terms]


def _tell(request: HttpRequest, refused: changing.NotPossible, side: Side) -> None:
    for line in check_view.told(refused.check.told_to(side), side):
        messages.error(request, line.text)
    if refused.check.hides_from(side):
        messages.error(request, _now("对方那边还有一项没办好，对方登录后能看到。"))
