"""Rows of family aid on the staff site: to read, masked, each after a reason, in as few queries for many as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from family.models import Binding, Consent, Grant, Guardianship, Invitation, OrderVersion
from tests.factories import accounts, family
from tests.factories.insurance import at, make_id_number, make_person

pytestmark = pytest.mark.django_db

KINDS = (
    "binding",
    "bindingevent",
    "consent",
    "invitation",
    "grant",
    "guardianship",
    "orderversion",
)


def list_of(kind):
    return f"/admin/family/{kind}/"


def make_family(number):
    giver = make_person(name="张建国", id_number=make_id_number(sequence=2 * number))
    user = make_person(name="李梅兰", id_number=make_id_number(sequence=2 * number + 1))
    bound = family.make_binding(giver=giver, beneficiary=user)
    bound.events.create(
        number=1,
        move="confirm",
        to_state="active",
        side="giver",
        channel="counter",
        happened_at=at(2026, 1, 5),
    )
    Binding.objects.filter(pk=bound.pk).update(state="with_staff", staff_reason="name_differs")
    family.make_invitation(initiator=giver, side="giver", invited=user)
    Grant.objects.create(
        owner=giver,
        helper=user,
        kind="see_years",
        from_day=bound.from_day,
        channel="counter",
        acted_by=accounts.make_staff(name="王五"),
    )
    Guardianship.objects.create(
        guardian=giver,
        child=user,
        evidence="household_book",
        until=bound.from_day,
        recorded_by=accounts.make_staff(name="王五"),
    )
    return bound


def rows_of(bound):
    return {
        "bindingevent": bound.events.get().pk,
        "consent": Consent.objects.filter(binding=bound).first().pk,
        "invitation": Invitation.objects.get().pk,
        "grant": Grant.objects.get().pk,
        "guardianship": Guardianship.objects.get().pk,
        "orderversion": OrderVersion.objects.get().pk,
    }


def test_a_row_opens_with_a_reason_shows_masks_and_both_can_read_of_it(clerk):
    bound = make_family(1)
    whole = ("张建国", "李梅兰", bound.giver.id_number, bound.beneficiary.id_number)
    pages = [clerk.get(list_of(kind)).content.decode() for kind in KINDS]
    for kind, pk in rows_of(bound).items():
        address = f"{list_of(kind)}{pk}/change/"
        # The event's reason was given for its case, and so for the consent as well.
        asks = "为什么要查看" in clerk.get(address).content.decode()
        assert asks is (kind != "consent")
        before = looks().count()
        clerk.post(address, {"reason": "核对一件家庭共济"})
        answer = clerk.get(address)
        pages.append(answer.content.decode())
        assert 'name="_save"' not in pages[-1], kind
        assert looks().count() > before, kind
        assert clerk.post(address, {"state": "active", "kind": "see_balance"}).status_code == 403
    assert not [one for one in whole for page in pages if one in page]
    subjects = set(looks().values_list("subject_ref", flat=True))
    assert subjects == {str(bound.giver.reference), str(bound.beneficiary.reference)}


def looks():
    return AuditEntry.objects.filter(action="counter.look")


def test_lists_ask_as_few_questions_for_many_as_for_one(clerk):
    make_family(1)
    pages = [*map(list_of, KINDS), "/admin/family/binding/cases/"]
    for page in pages:
        clerk.get(page)
    few = [queries(clerk, page) for page in pages]
    for number in range(2, 6):
        make_family(number)
    assert [queries(clerk, page) for page in pages] == few


def queries(client, page):
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_a_case_is_found_by_its_whole_number_alone(clerk):
    bound = make_family(1)
    make_family(2)
    listed = clerk.get(f"{list_of('binding')}?q={bound.reference}").context["cl"]
    assert [row.pk for row in listed.queryset] == [bound.pk]
    for part in (bound.reference[:-1], "张建国", bound.giver.id_number):
        assert not clerk.get(f"{list_of('binding')}?q={part}").context["cl"].queryset
