"""Cases that staff decide: the oldest first, by somebody who had no hand in them, in words that both sides read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.admin.base import ReadOnlyAdmin, worker
from accounts.privacy import mask_common, mask_id_number_for_others, mask_name
from family import bindings, counter, eligibility, evidence, reasons, references, words
from family.admin import at_desk, looking
from family.admin.forms import ApproveForm, RefuseForm
from family.admin.scripts import asked
from family.bindings import SelfApproval, Stale, WrongMove
from family.counter import FirstClerk
from family.models import Binding
from family.moves import Side, State
from family.presence import OwnCase
from family.reasons import Code
from family.records import spoken_for
from family.selectors.terms import rows_of

Words = str | Promise
YES, NO = "yes", "no"
LIST = "admin:family-cases"
# A morning's work; the oldest go first, and what is behind them comes up.
PAGE_ROWS = 50
SECOND = _("这一件您经手过，或者当事人是您自己、您的家人。请由另一位同事核对。")
GONE = _("这一件已经不在窗口核对，什么都没有改。")


@dataclass(frozen=True)
class CaseLine:
    """`why` is the first cause that sends it here."""

    reference: str
    spoken: str
    giver: str
    beneficiary: str
    relation: Words
    why: Words
    since: datetime


def cases(page: ReadOnlyAdmin, request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(at_desk.ACT):
        raise PermissionDenied
    rows = (
        Binding.objects.filter(state=State.WITH_STAFF)
        .select_related("giver", "beneficiary")
        .order_by("state_since", "pk")
    )
    return page.page(
        request,
        "admin/family/cases.html",
        title=_("等窗口核对的家庭共济"),
        lines=[_line(row) for row in rows[:PAGE_ROWS]],
        count=rows.count(),
    )


def case(page: ReadOnlyAdmin, request: HttpRequest, reference: str) -> HttpResponse:
    if not request.user.has_perm(at_desk.ACT):
        raise PermissionDenied
    rows = Binding.objects.select_related("giver", "beneficiary", "decision", "invitation")
    binding = rows.filter(reference=reference).first()
    if binding is None:
        raise Http404
    if answer := looking.ask_or_look(page, request, binding):
        return answer
    verdict = request.POST.get("verdict", "")
    yes = ApproveForm(
        request.POST if verdict == YES else None, asks_model=binding.money_model == ""
    )
    no = RefuseForm(request.POST if verdict == NO else None)
    form = yes if verdict == YES else no
    if verdict and form.is_valid() and _decide(request, binding, form):
        return redirect(LIST)
    return _page(page, request, binding, yes, no, form)


def _decide(request: HttpRequest, binding: Binding, form: ApproveForm | RefuseForm) -> bool:
    """Whether it was decided; if not, the form or a message says why."""
    if binding.state != State.WITH_STAFF:
        form.add_error(None, str(GONE))
        return False
    version = at_desk.version(request)
    decide = counter.approve if isinstance(form, ApproveForm) else counter.refuse
    try:
        decide(
            binding=binding,
            by=worker(request),
            version=version,
            request=request,
            **form.cleaned_data,
        )
    except (FirstClerk, OwnCase, SelfApproval):
        form.add_error(None, str(SECOND))
    except Stale:
        form.add_error(
            None, _now("这一件在您打开以后有了变化，什么都没有改。请看现在的情况，再决定。")
        )
    except WrongMove:
        form.add_error(None, str(GONE))
    except bindings.NotPossible as refused:
        for problem in refused.check.problems:
            form.add_error(None, problem.sentence(None))
    else:
        messages.success(request, _now("决定好了，已经告诉双方。"))
        return True
    return False


def _page(
    page: ReadOnlyAdmin,
    request: HttpRequest,
    binding: Binding,
    yes: ApproveForm,
    no: RefuseForm,
    form: ApproveForm | RefuseForm,
) -> HttpResponse:
    is_open = binding.state == State.WITH_STAFF
    check = (
        eligibility.examine(binding, day=timezone.localdate(), guarded=spoken_for(binding))
        if is_open
        else None
    )
    return page.page(
        request,
        "admin/family/case.html",
        title=_("核对一件家庭共济"),
        binding=binding,
        form=form,
        yes_asked=asked(yes),
        no_asked=asked(no),
        is_open=is_open,
        may_decide=is_open and _may_decide(request, binding),
        second=SECOND,
        rows=_rows(binding),
        problems=[one.sentence(None) for one in check.problems] if check else [],
        papers=evidence.papers(binding),
        consents=binding.consents.select_related("acted_by").order_by("given_at"),
        events=binding.events.select_related("acted_by").order_by("number"),
        back_url=reverse(LIST),
        back_text=_("等窗口核对的家庭共济"),
    )


def _may_decide(request: HttpRequest, binding: Binding) -> bool:
    try:
        counter.expect_second(binding, worker(request))
    except OwnCase:
        return False
    return True


def _line(row: Binding) -> CaseLine:
    return CaseLine(
        reference=row.reference,
        spoken=references.grouped(row.reference),
        giver=mask_name(row.giver.name) if row.giver else "–",
        beneficiary=mask_name(row.beneficiary.name) if row.beneficiary else "–",
        relation=words.RELATIONS[row.relation],
        why=_why(row),
        since=row.state_since,
    )


def _why(row: Binding) -> Words:
    if row.staff_reason not in reasons.REASONS:
        return "–"
    side = Side.GIVER
    if row.staff_reason == Code.NAME_DIFFERS:
        side = Side.BENEFICIARY if row.initiator == Side.GIVER else Side.GIVER
    return reasons.sentence(Code(row.staff_reason), {}, who=side)


def _spellings(binding: Binding) -> str:
    """Enough to hold against the papers: what is the same in both stays under stars."""
    invited = binding.beneficiary if binding.initiator == Side.GIVER else binding.giver
    if invited is None or names.same(invited.name, binding.invitation.name):
        return "–"
    return " / ".join(mask_common(invited.name, binding.invitation.name))


def _rows(binding: Binding) -> list[dict[str, Any]]:
    people = ((_("出钱的人"), binding.giver), (_("用钱的人"), binding.beneficiary))
    rows: list[dict[str, Any]] = [
        {"label": _("受理号"), "value": references.grouped(binding.reference)},
        {"label": _("状态"), "value": binding.get_state_display()},
        {"label": _("为什么要核对"), "value": _why(binding)},
    ]
    for label, one in people:
        if one is not None:
            number = mask_id_number_for_others(one.id_number)
            rows.append({"label": label, "value": f"{mask_name(one.name)} {number}"})
    rows += [
        {"label": _("登记的姓名和邀请里写的，不一样的字"), "value": _spellings(binding)},
        {"label": _("用钱的人是出钱人的"), "value": binding.get_relation_display()},
        {"label": _("拿什么证明"), "value": binding.get_evidence_display()},
    ]
    return rows + [{"label": row.label, "value": row.value} for row in rows_of(binding)]
