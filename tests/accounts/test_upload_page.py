"""Who sees a file, why, and what the browser may do with it."""

import uuid

import pytest
from django.test import Client

from accounts import uploads
from accounts.models import AuditEntry, Upload, User
from accounts.roles import STAFF, Role
from tests import cast
from tests.factories.accounts import make_staff, make_user
from tests.factories.files import pdf, picture, sent

pytestmark = pytest.mark.django_db
SUBJECT = ("family.binding", "B2026-1")


def as_visitor(user, **more):
    return cast.sign_in(Client(), user, **more)


def make_upload(by, data=None, kind="household_book"):
    return uploads.store(file=sent(data or picture()), kind=kind, subject=SUBJECT, by=by)


def path_of(upload):
    return f"/accounts/uploads/{upload.public_id}/"


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def photo(owner):
    return make_upload(owner)


def looks():
    return AuditEntry.objects.filter(action="upload.look")


def test_the_sender_sees_the_own_photo_and_that_is_no_entry(owner, photo):
    answer = as_visitor(owner).get(path_of(photo))
    assert answer.status_code == 200
    assert answer.content == uploads.content_of(photo)
    assert answer.headers["Content-Type"] == "image/jpeg"
    short = str(photo.public_id)[:8]
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'inline; filename="household_book-{short}.jpg"'
    assert not looks().exists()


def test_whatever_the_bytes_are_the_browser_runs_and_keeps_nothing(owner, photo):
    for upload in (photo, make_upload(owner, pdf(), "signed_letter")):
        headers = as_visitor(owner).get(path_of(upload)).headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in headers["Cache-Control"]


def test_a_pdf_is_only_ever_saved(owner):
    answer = as_visitor(owner).get(path_of(make_upload(owner, pdf(), "signed_letter")))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="signed_letter-')
    assert answer.content == pdf()


def test_a_stranger_gets_the_same_as_for_a_file_that_is_not_there(photo):
    stranger = as_visitor(make_user(name="王五"))
    there, nowhere = (
        stranger.get(path_of(photo)),
        stranger.get(f"/accounts/uploads/{uuid.uuid4()}/"),
    )
    assert there.status_code == nowhere.status_code == 404
    assert stranger.post(path_of(photo), {"reason": "我想看看"}).status_code == 404
    assert Client().get(path_of(photo)).status_code == 302


@pytest.mark.parametrize("role", sorted(STAFF - {Role.WINDOW_CLERK}))
def test_staff_without_the_permission_get_404(role, photo):
    assert as_visitor(make_staff(role=role)).get(path_of(photo)).status_code == 404


def test_a_clerk_without_the_second_factor_sees_nothing(photo):
    answer = as_visitor(make_staff(), second_factor=False).get(path_of(photo))
    assert answer.url.startswith("/accounts/second-factor/")


def test_a_clerk_is_asked_why_and_every_look_is_written_down(photo):
    clerk = make_staff()
    client = as_visitor(clerk)
    asked = client.get(path_of(photo))
    assert "为什么要查看这份文件" in asked.content.decode()
    assert uploads.content_of(photo) not in asked.content
    short = client.post(path_of(photo), {"reason": "看"})
    assert "理由太短" in short.content.decode()
    assert not looks().exists()

    answer = client.post(path_of(photo), {"reason": "核对户口本"}, follow=True)
    assert answer.content == uploads.content_of(photo)
    entry = looks().get()
    assert (entry.actor, entry.reason) == (clerk, "核对户口本")
    assert (entry.subject_kind, entry.subject_ref) == SUBJECT
    assert entry.details == {"kind": "household_book", "upload": str(photo.public_id)}


def test_a_reason_holds_for_all_files_of_the_case_and_for_no_other(owner, photo):
    client = as_visitor(make_staff())
    client.post(path_of(photo), {"reason": "核对户口本"})
    same = make_upload(owner, pdf(), "signed_letter")
    other = uploads.store(
        file=sent(picture()), kind="household_book", subject=("family.binding", "B2"), by=owner
    )
    assert client.get(path_of(same)).headers["Content-Type"] == "application/pdf"
    assert "为什么" in client.get(path_of(other)).content.decode()
    assert looks().count() == 1


def test_a_clerk_who_sent_the_papers_at_the_window_is_asked_as_well():
    clerk = make_staff()
    upload = make_upload(clerk)
    client = as_visitor(clerk)
    assert "为什么" in client.get(path_of(upload)).content.decode()
    User.objects.filter(pk=clerk.pk).update(role=Role.POLICY_EDITOR)
    assert client.get(path_of(upload)).status_code == 404


def lets_li_in(user, upload):
    return user.name == "李梅" and upload.kind == "household_book"


def test_the_floors_above_let_others_in(owner, photo, settings):
    settings.UPLOAD_READERS = [f"{__name__}.lets_li_in"]
    letter = make_upload(owner, pdf(), "signed_letter")
    li = as_visitor(make_user(name="李梅"))
    assert li.get(path_of(photo)).status_code == 200
    assert li.get(path_of(letter)).status_code == 404
    editor = as_visitor(make_staff(name="李梅", role=Role.POLICY_EDITOR))
    assert "为什么" in editor.get(path_of(photo)).content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(Upload.State.HELD, "正在等待病毒检查"), (Upload.State.INFECTED, "已经删除")],
)
def test_a_file_that_is_held_or_infected_is_shown_to_nobody(owner, photo, state, sentence):
    content = uploads.content_of(photo)
    number = None if state == Upload.State.INFECTED else 1
    Upload.objects.filter(pk=photo.pk).update(state=state, number=number)
    clerk = as_visitor(make_staff())
    clerk.post(path_of(photo), {"reason": "核对户口本"})
    for client in (as_visitor(owner), clerk):
        answer = client.get(path_of(photo))
        assert answer.status_code == 404
        assert sentence in answer.content.decode()
        assert content not in answer.content
    assert as_visitor(make_user()).get(path_of(photo)).status_code == 404


def test_other_methods_are_refused(owner, photo):
    client = as_visitor(owner)
    assert client.put(path_of(photo)).status_code == 405
    assert client.delete(path_of(photo)).status_code == 405
    head = client.head(path_of(photo))
    assert (head.status_code, head.content) == (200, b"")
