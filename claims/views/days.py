"""What a provider took and gave back on a day, as a page and as a file."""

from datetime import date

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from claims.decorators import DeskRequest, provider_clerk_required
from claims.forms.giving_back import DayForm
from claims.selectors import days
from claims.selectors.days import Day
from insurance.views.keyset import row_number

AFTER, REFUNDS_AFTER = "after", "refunds_after"


@provider_clerk_required
@require_safe
def day(request: DeskRequest) -> HttpResponse:
    form = DayForm(request.GET)
    wanted = _wanted(form)
    found = days.day_of(
        request.provider,
        wanted,
        after=row_number(request.GET.get(AFTER, "")) or 0,
        refunds_after=row_number(request.GET.get(REFUNDS_AFTER, "")) or 0,
    )
    context = {
        "found": found,
        "day": wanted,
        "form": form,
        "provider": request.provider,
        "is_first": not {AFTER, REFUNDS_AFTER} & set(request.GET),
        **_links(wanted, found),
    }
    return render(request, "claims/day.html", context)


@provider_clerk_required
@require_safe
@cache_control(no_store=True, private=True)
def as_file(request: DeskRequest) -> StreamingHttpResponse:
    wanted = _wanted(DayForm(request.GET))
    return StreamingHttpResponse(
        days.day_file(request.provider, wanted),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="day-{wanted.isoformat()}.csv"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _wanted(form: DayForm) -> date:
    """Today where no day was named, or none that there is."""
    typed: date | None = form.cleaned_data.get("day") if form.is_valid() else None
    return typed or timezone.localdate()


def _links(wanted: date, found: Day) -> dict[str, str]:
    """Each list goes on by itself, from the first page of the other."""
    links = {"query": "?" + urlencode({"day": wanted.isoformat()})}
    for name, page in ((AFTER, found.settlements), (REFUNDS_AFTER, found.refunds)):
        if page.next_after is not None:
            links[f"{name}_url"] = f"{links['query']}&{urlencode({name: page.next_after})}"
    return links
