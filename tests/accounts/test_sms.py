"""Messages leave after the commit, once, and the same work is done for nobody."""

import datetime as dt
import logging
import threading
import time
from contextlib import suppress

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sms
from accounts.management.commands import deliver_sms
from accounts.models import SmsMessage
from tests.factories.accounts import together

PHONE = "13800138000"
BODY = "123456 是您的验证码"
State = SmsMessage.State


class Carrier:
    """Counts what it is given; `fails` makes it refuse."""

    at_once = False
    keeps_body = False
    taken: list[tuple[str, str]] = []
    fails = False

    def send(self, *, phone, body):
        if self.fails:
            raise OSError(f"could not reach {phone} with {body}")
        self.taken.append((phone, body))


@pytest.fixture
def carrier(settings, monkeypatch):
    settings.SMS_BACKEND = f"{__name__}.Carrier"
    monkeypatch.setattr(Carrier, "taken", [])
    monkeypatch.setattr(Carrier, "fails", False)
    monkeypatch.setattr(sms, "import_string", lambda path: Carrier)
    return Carrier


@pytest.mark.django_db
def test_a_queued_message_is_sent_once_and_its_words_are_gone(carrier):
    message = sms.queue(phone=PHONE, body=BODY)
    assert sms.deliver_waiting() == 1
    assert sms.deliver_waiting() == 0
    assert carrier.taken == [(PHONE, BODY)]
    message.refresh_from_db()
    assert (message.state, message.body, message.tries) == (State.SENT, "", 1)
    assert message.sent_at


@pytest.mark.django_db
def test_a_decoy_is_never_sent_and_names_nobody(carrier):
    message = sms.queue(phone=PHONE, body=BODY, deliverable=False)
    assert sms.deliver_waiting() == 0
    message.refresh_from_db()
    assert (message.state, message.phone) == (State.DECOY, sms.NOBODY)
    assert carrier.taken == []


@pytest.mark.django_db
def test_number_and_words_are_encrypted_at_rest():
    message = sms.queue(phone=PHONE, body=BODY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, body FROM accounts_smsmessage WHERE id = %s", [message.pk])
        stored = "".join(cursor.fetchone())
    assert PHONE not in stored
    assert "123456" not in stored


@pytest.mark.django_db
def test_the_oldest_message_goes_first(carrier):
    for number in range(3):
        sms.queue(phone=PHONE, body=str(number))
    assert sms.deliver_waiting(most=2) == 2
    assert [body for _phone, body in carrier.taken] == ["0", "1"]


@pytest.mark.django_db
def test_a_refused_message_is_tried_three_times_and_then_given_up(carrier):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        message = sms.queue(phone=PHONE, body=BODY)
        carrier.fails = True
        for second, tries in [(0, 1), (19, 1), (20, 2), (59, 2), (60, 3), (300, 3)]:
            clock.move_to(start + dt.timedelta(seconds=second))
            sms.deliver_waiting()
            message.refresh_from_db()
            assert message.tries == tries, second
    assert (message.state, message.body) == (State.FAILED, "")


@pytest.mark.django_db
def test_a_message_that_a_second_try_delivers_is_sent(carrier):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sms.queue(phone=PHONE, body=BODY)
        carrier.fails = True
        assert sms.deliver_waiting() == 0
        carrier.fails = False
        clock.move_to(start + dt.timedelta(seconds=20))
        assert sms.deliver_waiting() == 1


def refuse_to_write(monkeypatch, field):
    """As on a full disk: what writes that field is refused."""
    save = SmsMessage.save

    def refuse(self, *, update_fields=None, **more):
        if field in (update_fields or ()):
            raise OperationalError("database or disk is full")
        save(self, update_fields=update_fields, **more)

    monkeypatch.setattr(SmsMessage, "save", refuse)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_where_no_try_can_be_written_down_nothing_is_sent(carrier, monkeypatch):
    message = sms.queue(phone=PHONE, body=BODY)
    with monkeypatch.context() as full:
        refuse_to_write(full, "tries")
        for _again in range(5):
            with pytest.raises(OperationalError):
                sms.deliver_waiting()
    assert carrier.taken == []
    assert sms.deliver_waiting() == 1
    message.refresh_from_db()
    assert message.tries == 1


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_message_that_cannot_be_written_down_as_sent_goes_out_three_times_at_most(
    carrier, monkeypatch
):
    start = timezone.now()
    refuse_to_write(monkeypatch, "state")
    with time_machine.travel(start, tick=False) as clock:
        message = sms.queue(phone=PHONE, body=BODY)
        for second, times in [(0, 1), (1, 1), (20, 2), (21, 2), (60, 3), (61, 3), (300, 3)]:
            clock.move_to(start + dt.timedelta(seconds=second))
            with suppress(OperationalError):
                sms.deliver_waiting()
            assert len(carrier.taken) == times, second
    message.refresh_from_db()
    assert (message.state, message.tries) == (State.WAITING, 3)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_try_that_has_begun_is_nobody_elses(carrier, monkeypatch):
    """Between the two steps of one process another one looks for what is due, also long after the message was written."""
    begin_try, found = sms._begin_try, []

    def begin_and_let_another_look(messages):
        begun = begin_try(messages)
        if begun:
            found.append(sms._due(timezone.now()).exists())
        return begun

    with time_machine.travel(timezone.now() - dt.timedelta(minutes=5)):
        sms.queue(phone=PHONE, body=BODY)
    monkeypatch.setattr(sms, "_begin_try", begin_and_let_another_look)
    assert sms.deliver_waiting() == 1
    assert found == [False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_message_that_somebody_else_looks_at_is_sent_after_that(carrier, monkeypatch):
    begin_try, looks = sms._begin_try, threading.Event()

    def look(pk):
        """As a sender does that finds it taken: it holds the row until its transaction ends."""
        with transaction.atomic():
            SmsMessage.objects.select_for_update().get(pk=pk)
            looks.set()
            time.sleep(0.2)
        connection.close()

    def begin_and_be_looked_at(messages):
        begun = begin_try(messages)
        if begun:
            threads.append(threading.Thread(target=look, args=[begun.pk]))
            threads[-1].start()
            looks.wait()
        return begun

    threads = []
    sms.queue(phone=PHONE, body=BODY)
    monkeypatch.setattr(sms, "_begin_try", begin_and_be_looked_at)
    assert sms.deliver_waiting() == 1
    for one in threads:
        one.join()


@pytest.mark.django_db
def test_one_message_that_cannot_be_sent_does_not_stop_the_next(carrier, monkeypatch):
    sms.queue(phone="13900139000", body=BODY)
    sms.queue(phone=PHONE, body=BODY)
    send = Carrier.send

    def send_or_fail(self, *, phone, body):
        if phone != PHONE:
            raise ValueError(phone)
        send(self, phone=phone, body=body)

    monkeypatch.setattr(Carrier, "send", send_or_fail)
    assert sms.deliver_waiting() == 1


@pytest.mark.django_db
def test_the_log_of_a_failure_holds_neither_number_nor_words(carrier, caplog):
    carrier.fails = True
    sms.queue(phone=PHONE, body=BODY)
    logging.getLogger("accounts.sms").addHandler(caplog.handler)
    try:
        sms.deliver_waiting()
    finally:
        logging.getLogger("accounts.sms").removeHandler(caplog.handler)
    assert "OSError" in caplog.text
    assert PHONE not in caplog.text
    assert "123456" not in caplog.text


@pytest.mark.django_db
def test_a_code_nobody_needs_any_more_is_not_sent_late(carrier):
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=sms.GIVE_UP_SECONDS)):
        message = sms.queue(phone=PHONE, body=BODY)
    assert sms.deliver_waiting() == 0
    message.refresh_from_db()
    assert (message.state, message.body) == (State.FAILED, "")


@pytest.mark.django_db
def test_in_production_a_request_sends_nothing_itself(carrier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sms.queue(phone=PHONE, body=BODY)
    assert carrier.taken == []


@pytest.mark.django_db
@pytest.mark.parametrize("deliverable", [True, False])
def test_the_console_prints_at_once_with_the_number_masked(
    deliverable, django_capture_on_commit_callbacks, capsys
):
    with django_capture_on_commit_callbacks(execute=True):
        sms.queue(phone=PHONE, body=BODY, deliverable=deliverable)
    printed = capsys.readouterr().out
    assert printed == (f"SMS 138****8000: {BODY}\n" if deliverable else "")
    # The outbox page of development still shows it.
    assert SmsMessage.objects.get().body == BODY


@pytest.mark.django_db
def test_somebody_and_nobody_cost_the_same_statements(django_capture_on_commit_callbacks):
    statements = []
    for deliverable in (True, False):
        with (
            CaptureQueriesContext(connection) as caught,
            django_capture_on_commit_callbacks(execute=True),
        ):
            sms.queue(phone=PHONE, body=BODY, deliverable=deliverable)
        statements.append([query["sql"].split()[0] for query in caught.captured_queries])
    assert statements[0] == statements[1]
    assert len(statements[0]) > 2


@pytest.mark.django_db
def test_nothing_is_queued_when_the_transaction_fails(django_capture_on_commit_callbacks, capsys):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        sms.queue(phone=PHONE, body=BODY)
    assert len(callbacks) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_words_are_blanked_after_an_hour_and_rows_deleted_after_a_month():
    now = timezone.now()
    for age in (dt.timedelta(minutes=59), dt.timedelta(hours=2), dt.timedelta(days=31)):
        with time_machine.travel(now - age, tick=False):
            message = sms.queue(phone=PHONE, body=BODY)
            SmsMessage.objects.filter(pk=message.pk).update(state=State.SENT)
    assert sms.prune(now=now) == 1
    assert [one.body for one in SmsMessage.objects.order_by("id")] == [BODY, ""]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_several_processes_send_every_message_once(carrier):
    for number in range(12):
        sms.queue(phone=PHONE, body=str(number))
    sent = together(*[sms.deliver_waiting] * 4)
    assert sum(sent) == 12
    assert {one.tries for one in SmsMessage.objects.all()} == {1}
    assert sorted(int(body) for _phone, body in carrier.taken) == list(range(12))


@pytest.mark.django_db
def test_the_command_says_how_many_went(carrier, capsys):
    sms.queue(phone=PHONE, body=BODY)
    call_command("deliver_sms")
    assert capsys.readouterr().out == "1 sent\n"


@pytest.fixture
def watch(carrier, monkeypatch, capsys):
    """The command until it pauses for the last of these times, before each of which something happens; what it printed."""
    # It would close the connection that this test runs in.
    monkeypatch.setattr(deliver_sms, "close_old_connections", lambda: None)

    def watch(*happens):
        events = iter(happens)

        def pause(seconds):
            event = next(events, None)
            if event is None:
                raise KeyboardInterrupt
            event()

        monkeypatch.setattr("time.sleep", pause)
        call_command("deliver_sms", watch=True)
        return capsys.readouterr().out

    return watch


@pytest.mark.django_db
def test_the_command_watches_until_it_is_stopped(watch, carrier):
    assert watch(lambda: sms.queue(phone=PHONE, body=BODY)) == "stopped\n"
    assert carrier.taken == [(PHONE, BODY)]


@pytest.mark.django_db
def test_a_watcher_waits_for_a_database_that_writes_nothing_and_says_so_once(
    watch, carrier, caplog
):
    sms.queue(phone=PHONE, body=BODY)
    with pytest.MonkeyPatch.context() as full:
        refuse_to_write(full, "tries")
        assert watch(int, int, full.undo) == "stopped\n"
    assert carrier.taken == [(PHONE, BODY)]
    assert [one.message for one in caplog.records] == [
        "Messages wait for the database: OperationalError"
    ]


@pytest.mark.django_db
def test_a_watcher_does_not_wait_for_what_no_waiting_mends(watch, monkeypatch):
    def broken(**_more):
        raise ProgrammingError("no such column")

    monkeypatch.setattr(sms, "deliver_waiting", broken)
    with pytest.raises(ProgrammingError):
        watch()
