"""Whoever changes a sealed log from behind is found, down to the row."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import append_only, audit, sealing
from accounts.models import AuditEntry, Seal
from tests.factories.accounts import make_user, together

LATER = timezone.now() + dt.timedelta(days=1)
AUDIT = sealing.LOGS["audit"]


@pytest.fixture
def log(db, monkeypatch):
    """Ten entries in ranges of four, and two that came after the sealing."""
    monkeypatch.setattr(sealing, "RANGE_ROWS", 4)
    user = make_user()
    rows = [audit.record(actor=user, action="user.change", details={"n": n}) for n in range(10)]
    assert sealing.seal(AUDIT, now=LATER) == 3
    rows += [audit.record(actor=user, action="user.change", details={"n": n}) for n in (10, 11)]
    return rows


def from_behind(act):
    """What an administrator of the database could do: drop the triggers, act, put them back."""
    tables = append_only.lift(connection)
    act()
    append_only.restore(connection, tables)


def fault():
    found = sealing.verify(AUDIT)
    return (found.kind, found.row_id) if found else None


@pytest.mark.both_databases
def test_an_untouched_log_is_good(log):
    assert sealing.verify(AUDIT) is None
    assert list(Seal.objects.values_list("number", "row_count")) == [(1, 4), (2, 4), (3, 2)]
    assert Seal.objects.last().last_id == log[9].pk


@pytest.mark.both_databases
@pytest.mark.parametrize("place", [0, 3, 4, 9])
@pytest.mark.parametrize(
    "change",
    [
        {"reason": "x"},
        {"action": "user.forge"},
        {"actor": None},
        {"actor_role": "x"},
        {"details": {"n": -1}},
        {"subject_kind": "x"},
        {"subject_ref": "x"},
        {"ip_address": "192.0.2.9"},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_named(log, place, change):
    from_behind(lambda: AuditEntry.objects.filter(pk=log[place].pk).update(**change))
    assert fault() == ("changed", log[place].pk)


def test_every_column_of_an_entry_is_sealed():
    columns = {field.name for field in AuditEntry._meta.local_fields} - {"id"}
    assert len(AUDIT.canonical(AuditEntry(at=LATER))) == len(columns) == 9


@pytest.mark.both_databases
@pytest.mark.parametrize("place", [0, 3, 4, 9])
def test_a_missing_row_is_named(log, place):
    from_behind(lambda: AuditEntry.objects.filter(pk=log[place].pk).delete())
    assert fault() == ("missing", log[place].pk)


@pytest.mark.both_databases
def test_a_row_written_in_the_place_of_another_is_named(log):
    spare = log[5].pk
    from_behind(lambda: AuditEntry.objects.filter(pk=spare).delete())
    AuditEntry.objects.create(pk=spare, action="user.forge")
    assert fault() == ("changed", spare)


@pytest.mark.both_databases
def test_a_row_slipped_in_before_the_first_is_named(log):
    from_behind(lambda: AuditEntry.objects.create(pk=-5, action="user.forge"))
    assert fault() == ("added", -5)


def test_a_row_slipped_into_a_gap_is_named(db):
    for pk in (1, 2, 5, 6):
        AuditEntry.objects.create(pk=pk, action="user.change")
    sealing.seal(AUDIT, now=LATER)
    AuditEntry.objects.create(pk=4, action="user.forge")
    assert fault() == ("added", 4)


@pytest.mark.both_databases
def test_two_rows_that_changed_places_are_found(log):
    def swap():
        AuditEntry.objects.filter(pk=log[1].pk).update(details={"n": 2})
        AuditEntry.objects.filter(pk=log[2].pk).update(details={"n": 1})

    from_behind(swap)
    assert fault() == ("changed", log[1].pk)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"row_count": 5},
        {"row_macs": b"\0" * 64},
        {"row_macs": None},
        {"key_version": 1, "first_id": 3},
        {"last_id": 10**6},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_changed_seal_breaks_the_chain_at_its_place(log, change):
    from_behind(lambda: Seal.objects.filter(number=2).update(**change))
    found = sealing.verify(AUDIT)
    assert (found.kind, found.number) == ("chain", 2)


@pytest.mark.both_databases
def test_a_seal_taken_out_breaks_the_chain_at_its_place(log):
    from_behind(lambda: Seal.objects.filter(number=2).delete())
    found = sealing.verify(AUDIT)
    assert (found.kind, found.number) == ("chain", 2)


def test_a_log_cut_off_together_with_its_seals_is_found_by_the_exported_head(log):
    exported = sealing.head(AUDIT)
    from_behind(lambda: Seal.objects.filter(number=3).delete())
    from_behind(lambda: AuditEntry.objects.filter(pk__gte=log[8].pk).delete())
    assert sealing.verify(AUDIT) is None
    found = sealing.verify(AUDIT, heads=[exported])
    assert (found.kind, found.number) == ("head", 3)


def test_without_the_key_nobody_makes_a_seal_that_holds(log, settings):
    original = settings.SEAL_KEYS
    from_behind(lambda: Seal.objects.all().delete())
    settings.SEAL_KEYS = settings.FIELD_KEYS
    sealing.seal(AUDIT, now=LATER)
    settings.SEAL_KEYS = original
    assert sealing.verify(AUDIT).kind == "chain"


def test_a_seal_of_another_history_does_not_fit_into_this_one(log):
    old = list(Seal.objects.order_by("number"))
    from_behind(lambda: Seal.objects.all().delete())
    from_behind(lambda: AuditEntry.objects.filter(pk=log[0].pk).update(reason="x"))
    sealing.seal(AUDIT, now=LATER)
    from_behind(lambda: Seal.objects.filter(number__gt=1).delete())
    Seal.objects.bulk_create(old[1:])
    assert sealing.verify(AUDIT) == sealing.Fault("audit", "chain", 2)


def test_old_seals_stay_good_when_the_key_changes(log, settings):
    settings.SEAL_KEYS = settings.FIELD_KEYS.replace("1:", "2:") + "," + settings.SEAL_KEYS
    assert sealing.seal(AUDIT, now=LATER) == 1
    assert Seal.objects.last().key_version == 2
    assert sealing.verify(AUDIT) is None


def test_rows_younger_than_the_margin_are_left_alone(db):
    now = timezone.now()
    with time_machine.travel(now - sealing.QUIET_MARGIN - dt.timedelta(seconds=1), tick=False):
        old = audit.record(actor=None, action="user.change")
    with time_machine.travel(now - sealing.QUIET_MARGIN + dt.timedelta(seconds=1), tick=False):
        audit.record(actor=None, action="user.change")
    # Written later with an older time, as two processes may: what follows a young row waits for it.
    with time_machine.travel(now - sealing.QUIET_MARGIN - dt.timedelta(seconds=1), tick=False):
        audit.record(actor=None, action="user.change")
    assert sealing.seal(AUDIT, now=now) == 1
    assert Seal.objects.get().last_id == old.pk
    assert sealing.seal(AUDIT, now=now) == 0


def test_an_empty_log_is_good_and_gets_no_seal(db):
    assert sealing.seal(AUDIT, now=LATER) == 0
    assert sealing.head(AUDIT) is None
    assert sealing.verify(AUDIT) is None


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "RANGE_ROWS", 5)
    for n in range(40):
        audit.record(actor=None, action="user.change", details={"n": n})
    made = together(*[lambda: sealing.seal(AUDIT, now=LATER)] * 4)
    assert sum(made) == Seal.objects.count() == 8
    assert sealing.verify(AUDIT) is None


def test_every_log_of_the_house_is_registered():
    assert set(sealing.LOGS) == set(Seal.Log.values)


def test_the_commands_seal_export_and_verify(db, tmp_path, capsys):
    file = tmp_path / "heads"
    with time_machine.travel(timezone.now() - dt.timedelta(days=1)):
        row = audit.record(actor=None, action="user.change")
    call_command("seal_logs", export=file)
    call_command("seal_logs", export=file)
    assert len(file.read_text().splitlines()) == 1
    call_command("verify_logs", heads=file)
    assert "audit: good" in capsys.readouterr().out
    from_behind(lambda: AuditEntry.objects.update(reason="x"))
    with pytest.raises(CommandError, match=f"audit: row {row.pk} changed"):
        call_command("verify_logs", heads=file)


@pytest.mark.parametrize("content", [None, "nonsense", '{"log": "audit"}'])
def test_an_export_that_cannot_be_read_is_said(db, tmp_path, content):
    file = tmp_path / "heads"
    if content:
        file.write_text(content)
    with pytest.raises(CommandError, match="can't be read"):
        call_command("verify_logs", heads=file)
