"""Files of a case in the database: counted, bound to their row, unreadable at rest."""

import base64

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import rotation, uploads
from accounts.crypto import CryptoError
from accounts.evidence import UploadRefused
from accounts.file_kinds import MAX_FILES
from accounts.models import AuditEntry, Upload, UploadContent
from tests.factories.accounts import make_user, together
from tests.factories.files import pdf, picture, sent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SUBJECT = ("family.binding", "B2026-1")
MARK = b"(the words of a signed letter)"


def store(by, data=None, **more):
    given = {"file": sent(data or pdf(MARK)), "kind": "signed_letter", "subject": SUBJECT, "by": by}
    return uploads.store(**{**given, **more})


def test_a_file_is_kept_for_its_case_and_nothing_of_its_name():
    citizen = make_user()
    upload = store(citizen, file=sent(pdf(MARK), "张建国的信.pdf"))
    assert (upload.kind, upload.subject, upload.number) == ("signed_letter", SUBJECT, 1)
    assert (upload.media_type, upload.byte_count) == ("application/pdf", len(pdf(MARK)))
    assert uploads.content_of(Upload.objects.get()) == pdf(MARK)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_ref) == ("upload.store", citizen, "B2026-1")
    assert entry.details == {
        "kind": "signed_letter",
        "state": "not_scanned",
        "upload": str(upload.public_id),
    }


def test_a_row_can_be_the_subject():
    citizen = make_user()
    upload = store(citizen, picture(), subject=citizen)
    assert upload.subject == ("accounts.user", str(citizen.public_id))
    assert list(uploads.about(citizen)) == [upload]
    assert not uploads.about(make_user()).exists()


@pytest.mark.parametrize(
    "wrong", [{"kind": "a letter"}, {"kind": "../x"}, {"subject": None}, {"subject": ("x", "")}]
)
def test_a_caller_says_what_a_file_is_for(wrong):
    with pytest.raises(ValueError, match="has a kind"):
        store(make_user(), **wrong)


def test_the_seventh_file_of_a_case_is_refused_and_other_cases_have_their_own():
    citizen = make_user()
    numbers = [store(citizen).number for _ in range(MAX_FILES)]
    assert numbers == list(range(1, MAX_FILES + 1))
    with pytest.raises(UploadRefused) as refused:
        store(citizen)
    assert refused.value.code == "too_many"
    assert Upload.objects.count() == UploadContent.objects.count() == MAX_FILES
    assert store(citizen, subject=("family.binding", "B2026-2")).number == 1


def test_a_list_of_files_never_loads_the_bytes(django_assert_num_queries):
    store(make_user())
    with django_assert_num_queries(1) as queries:
        assert [one.is_picture for one in uploads.about(SUBJECT)] == [False]
    assert "uploadcontent" not in queries[0]["sql"]


def stored(column, table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM accounts_{table} ORDER BY 1")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_the_bytes_are_unreadable_at_rest_and_differ_for_equal_files():
    citizen = make_user()
    store(citizen)
    store(citizen)
    one, other = stored("sealed", "uploadcontent")
    assert one != other
    assert not [part for part in (MARK, b"%PDF", b"MediaBox") if part in one + other]


def test_bytes_moved_to_another_file_or_changed_cannot_be_opened():
    citizen = make_user()
    first, second = store(citizen), store(citizen)
    moved = UploadContent.objects.get(upload=first).sealed
    UploadContent.objects.filter(upload=second).update(sealed=moved)
    with pytest.raises(CryptoError):
        uploads.content_of(second)
    changed = bytearray(moved)
    changed[-1] ^= 1
    UploadContent.objects.filter(upload=first).update(sealed=bytes(changed))
    with pytest.raises(CryptoError):
        uploads.content_of(first)


def test_files_get_the_new_key_and_are_readable_before_during_and_after(settings, monkeypatch):
    monkeypatch.setattr(rotation, "FILES", 2)
    citizen = make_user()
    files = [store(citizen, pdf(b"(%d)" % number)) for number in range(3)]
    new = "2:" + base64.b64encode(b"n" * 32).decode()
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"
    steps = rotation.rotate_files()
    assert next(steps) == 2
    assert [uploads.content_of(one) for one in files] == [pdf(b"(%d)" % n) for n in range(3)]
    assert list(steps) == [1]
    assert sum(rotation.rotate_files()) == 0
    settings.FIELD_KEYS = new
    assert [uploads.content_of(one) for one in files] == [pdf(b"(%d)" % n) for n in range(3)]


@pytest.mark.parametrize(
    "broken",
    [{"number": None}, {"number": 0}, {"state": "infected"}, {"state": "unheard_of"}],
)
def test_the_database_refuses_a_file_out_of_order(broken):
    upload = store(make_user())
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_files_at_once_exactly_six_find_a_place():
    citizens = [make_user() for _ in range(4)]
    ready = uploads.prepare(sent(pdf(MARK)))
    jobs = [lambda by=by: store(by, file=ready) for by in citizens * 5]
    found = together(*jobs)
    refused = [one for one in found if isinstance(one, UploadRefused)]
    assert len(refused) == 14
    numbers = sorted(one.number for one in found if isinstance(one, Upload))
    assert numbers == list(range(1, MAX_FILES + 1))
    assert Upload.objects.count() == UploadContent.objects.count() == MAX_FILES
