"""What the scanner says is believed, and its silence is no permission."""

import socket
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import uploads
from accounts.models import AuditEntry, Upload, UploadContent
from accounts.scanning import ClamdScanner, Verdict
from config import checks
from tests.accounts import clamd
from tests.factories.accounts import make_user
from tests.factories.files import EICAR, pdf, picture, sent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SUBJECT = ("family.binding", "B2026-1")
INFECTED = pdf(b"(" + EICAR + b")")
NOBODY_THERE = "unix:/nonexistent/clamd"


@pytest.fixture
def citizen(settings):
    settings.UPLOAD_SCANNER = "accounts.scanning.ClamdScanner"
    settings.CLAMD_ADDRESS = NOBODY_THERE
    return make_user()


def store(citizen, data=None):
    return uploads.store(
        file=sent(data or pdf()), kind="signed_letter", subject=SUBJECT, by=citizen
    )


@pytest.mark.parametrize("over", ["unix", "tcp"])
def test_clamd_is_sent_the_bytes_and_its_word_is_the_verdict(over, settings):
    with clamd.running(over=over) as server:
        settings.CLAMD_ADDRESS = server.address
        large = bytes(200_000)
        assert ClamdScanner().scan(large) == Verdict.CLEAN
        assert ClamdScanner().scan(large + EICAR) == Verdict.INFECTED
        assert server.seen == [large, large + EICAR]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Heuristics.Something ERROR\0",
        b"stream: OK, but not really\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe",
    ],
)
def test_any_other_answer_is_no_verdict(answer, settings):
    with clamd.running(answer=answer) as server:
        settings.CLAMD_ADDRESS = server.address
        assert ClamdScanner().scan(b"x") == Verdict.UNAVAILABLE


@pytest.mark.parametrize(
    "address", ["", "clamd", "unix:", NOBODY_THERE, "tcp:", "tcp:127.0.0.1", "tcp:127.0.0.1:x"]
)
def test_an_address_where_nobody_is_gives_no_verdict(address, settings):
    settings.CLAMD_ADDRESS = address
    assert ClamdScanner().scan(b"x") == Verdict.UNAVAILABLE


def test_a_scanner_that_does_not_answer_is_not_waited_for_long(settings, monkeypatch):
    monkeypatch.setattr(ClamdScanner, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD_ADDRESS = f"tcp:127.0.0.1:{silent.getsockname()[1]}"
        assert ClamdScanner().scan(b"x") == Verdict.UNAVAILABLE


def test_without_a_scanner_a_file_says_that_nobody_has_looked(settings):
    upload = store(make_user())
    assert (upload.state, upload.scanned_at) == (Upload.State.NOT_SCANNED, None)
    assert uploads.content_of(upload) == pdf()


def test_a_clean_file_passes_and_what_was_sent_is_what_was_scanned(citizen, settings):
    photo = picture() + b"an archive, say"
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        upload = store(citizen, photo)
        assert server.seen == [photo]
    assert upload.state == Upload.State.CLEAN
    assert upload.scanned_at
    assert uploads.content_of(upload)


def test_an_infected_file_is_never_kept_and_the_visitors_book_says_so(citizen, settings):
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        upload = store(citizen, INFECTED)
    assert (upload.state, upload.number) == (Upload.State.INFECTED, None)
    assert not UploadContent.objects.exists()
    assert not uploads.about(SUBJECT).readable().exists()
    entry = AuditEntry.objects.get(action="upload.discard")
    assert (entry.actor, entry.subject_ref) == (citizen, "B2026-1")
    with pytest.raises(ValueError, match="must not be read"):
        uploads.content_of(upload)


def test_while_the_scanner_is_down_a_file_is_held_and_not_passed(citizen):
    upload = store(citizen)
    assert upload.state == Upload.State.HELD
    with pytest.raises(ValueError, match="must not be read"):
        uploads.content_of(upload)
    assert uploads.scan_held() == {"clean": 0, "infected": 0}
    upload.refresh_from_db()
    assert upload.state == Upload.State.HELD


def test_held_files_are_scanned_when_the_scanner_is_back(citizen, settings):
    good, bad = store(citizen), store(citizen, INFECTED)
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        output = StringIO()
        call_command("scan_uploads", stdout=output)
        assert output.getvalue() == "1 clean, 1 infected, 0 wait\n"
        assert uploads.scan_held() == {"clean": 0, "infected": 0}
        assert len(server.seen) == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, good.number) == (Upload.State.CLEAN, 1)
    assert (bad.state, bad.number) == (Upload.State.INFECTED, None)
    assert list(UploadContent.objects.values_list("pk", flat=True)) == [good.pk]
    actions = AuditEntry.objects.filter(actor=None).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["upload.pass", "upload.discard"]


def test_a_verdict_counts_once_when_two_look_at_the_same_file(citizen):
    upload = store(citizen)
    assert uploads._settle(upload, Upload.State.CLEAN)
    assert not uploads._settle(upload, Upload.State.INFECTED)
    assert uploads.content_of(Upload.objects.get())


def test_a_scanner_that_came_later_looks_at_what_came_before(settings):
    upload = store(make_user(), INFECTED)
    output = StringIO()
    call_command("scan_uploads", stdout=output)
    assert "no scanner is configured" in output.getvalue()
    settings.UPLOAD_SCANNER = "accounts.scanning.ClamdScanner"
    with clamd.running() as server:
        settings.CLAMD_ADDRESS = server.address
        assert uploads.scan_held() == {"clean": 0, "infected": 1}
    upload.refresh_from_db()
    assert upload.state == Upload.State.INFECTED


def test_the_checks_name_a_scanner_that_is_missing(settings):
    settings.UPLOAD_SCANNER = ""
    assert [one.id for one in checks.uploads_are_scanned(None)] == ["gongji.W002"]
    assert checks.upload_scanner_exists(None) == []
    settings.UPLOAD_SCANNER = "accounts.scanning.Nothing"
    assert [one.id for one in checks.upload_scanner_exists(None)] == ["gongji.E003"]
    settings.UPLOAD_SCANNER = "accounts.scanning.ClamdScanner"
    assert checks.upload_scanner_exists(None) == checks.uploads_are_scanned(None) == []
