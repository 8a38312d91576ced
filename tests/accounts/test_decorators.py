"""Guards: who comes in, and what is written about whoever looks at somebody else."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone

from accounts import decorators
from accounts.decorators import citizen_required, looks_at, staff_required
from accounts.models import AuditEntry
from accounts.roles import STAFF
from tests.factories.accounts import make_request, make_staff, make_user

pytestmark = pytest.mark.django_db
REASON = "窗口查询余额"


def page(request):
    return HttpResponse("in")


def staff_request(user, *, verified=True, **more):
    request = make_request(user=user, **more)
    user.is_verified = lambda: verified
    return request


def test_citizens_come_in_visitors_sign_in_first_and_staff_are_refused():
    guarded = citizen_required(page)
    assert guarded(make_request(user=make_user())).content == b"in"
    assert "/accounts/sign-in/?next=/x/" in guarded(make_request(path="/x/")).url
    for role in STAFF:
        with pytest.raises(PermissionDenied):
            guarded(make_request(user=make_staff(role=role)))


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_come_in_with_their_role_and_their_code(role):
    user = make_staff(role=role)
    assert staff_required()(page)(staff_request(user)).content == b"in"
    assert staff_required(role)(page)(staff_request(user)).content == b"in"
    others = [other for other in STAFF if other != role]
    with pytest.raises(PermissionDenied):
        staff_required(*others)(page)(staff_request(user))
    response = staff_required(role)(page)(staff_request(user, verified=False, path="/admin/x/"))
    assert response.url == "/accounts/second-factor/?next=/admin/x/"


def test_a_page_of_the_staff_is_not_there_for_citizens():
    with pytest.raises(Http404):
        staff_required()(page)(make_request(user=make_user()))
    assert "/accounts/sign-in/" in staff_required()(page)(make_request()).url


@pytest.fixture
def person():
    return make_user(name="王五")


@pytest.fixture
def guarded(person):
    @looks_at(
        "person.view",
        subject=lambda request, ref: person if ref == "known" else None,
        is_own=lambda user, subject: user == subject,
    )
    def view(request, ref):
        return HttpResponse(f"{request.looked_at.pk}")

    return view


def test_ones_own_record_is_no_entry(guarded, person):
    response = guarded(make_request(user=person), ref="known")
    assert response.content == str(person.pk).encode()
    assert not AuditEntry.objects.exists()


def test_somebody_elses_record_is_an_entry_with_a_reason(guarded, person):
    clerk = make_staff()
    request = make_request(user=clerk, method="post", data={"reason": REASON}, ip="203.0.113.7")
    guarded(request, ref="known")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.reason) == (clerk, "person.view", REASON)
    assert (entry.subject_ref, entry.ip_address) == (str(person.public_id), "203.0.113.7")


@pytest.mark.parametrize(
    "data", [{}, {"reason": ""}, {"reason": "   "}, {"reason": "."}, {"reason": "abc"}]
)
def test_without_a_reason_nothing_is_shown(guarded, data):
    with pytest.raises(decorators.ReasonNeeded):
        guarded(make_request(user=make_staff(), method="post", data=data), ref="known")
    assert not AuditEntry.objects.exists()


def test_nobody_is_404_and_no_entry(guarded):
    with pytest.raises(Http404):
        guarded(make_request(user=make_staff()), ref="unknown")
    assert not AuditEntry.objects.exists()


def test_a_reason_holds_for_this_person_and_a_while_and_every_look_is_an_entry(person):
    other = make_user(name="赵六")
    request = make_request(user=make_staff())
    assert decorators.state_reason(request, subject=person, reason=f"  {REASON} ")
    now = timezone.now()
    for _ in range(2):
        decorators.look(request, action="person.view", subject=person)
    assert AuditEntry.objects.about("accounts.user", str(person.public_id)).count() == 2
    with pytest.raises(decorators.ReasonNeeded):
        decorators.look(request, action="person.view", subject=other)
    later = now + dt.timedelta(seconds=decorators.REASON_SECONDS + 1)
    with time_machine.travel(later, tick=False), pytest.raises(decorators.ReasonNeeded):
        decorators.look(request, action="person.view", subject=person)


def test_a_number_in_a_reason_does_not_reach_the_session():
    request = make_request(user=make_staff())
    decorators.state_reason(request, subject=("person", "1"), reason="来电 13800138000 查询")
    assert decorators.stated_reason(request, subject=("person", "1")) == "来电 *********** 查询"


def test_a_session_keeps_only_the_newest_reasons():
    request = make_request(user=make_staff())
    for number in range(decorators.MAX_REASONS + 5):
        decorators.state_reason(request, subject=("person", str(number)), reason=REASON)
    assert len(request.session[decorators.REASONS]) == decorators.MAX_REASONS
    assert not decorators.stated_reason(request, subject=("person", "0"))
    assert decorators.stated_reason(request, subject=("person", "24")) == REASON


def test_when_the_log_cannot_be_written_nothing_is_shown(guarded, monkeypatch):
    def broken(**facts):
        raise OSError("disk full")

    monkeypatch.setattr("accounts.audit.record", broken)
    request = make_request(user=make_staff(), method="post", data={"reason": REASON})
    with pytest.raises(OSError, match="disk full"):
        guarded(request, ref="known")
