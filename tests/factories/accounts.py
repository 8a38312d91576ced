"""Logins, requests and rows of the front door, made the short way; every argument has a plain default."""

import base64
import threading
from itertools import count

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import sessions
from accounts.id_number import check_character
from accounts.models import IdentifierKind, LoginIdentifier, TotpDevice, User
from accounts.roles import Role

PASSWORD = "correct horse battery"
STAFF_PASSWORD = "Correct-Horse-Battery-9"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"
numbers = count(1)


def make_id_number(*, area="110105", born="19491231", sequence=2):
    """Valid by its check digit, and nobody's."""
    seventeen = f"{area}{born}{sequence:03d}"
    return seventeen + check_character(seventeen)


def make_user(*, name="张三", role=Role.CITIZEN, phone=None, id_number=None, password=PASSWORD):
    user = User(name=name, role=role, password_changed_at=timezone.now())
    user.set_password(password)
    user.save()
    if phone:
        add_identifier(user, IdentifierKind.PHONE, phone)
    if id_number:
        add_identifier(user, IdentifierKind.ID_NUMBER, id_number)
    return user


def make_staff(*, role=Role.WINDOW_CLERK, name="李四", **more):
    return make_user(name=name, role=role, **{"password": STAFF_PASSWORD, **more})


def add_identifier(user, kind, value):
    row = LoginIdentifier(user=user, value=value)
    row.set_value(kind, value)
    row.save()
    return row


def make_authenticator(user):
    """The user's TOTP device; `authenticator_code` says what its screen shows now."""
    secret = base64.b32encode(b"%020d" % next(numbers)).decode()
    return TotpDevice.objects.create(user=user, name="totp", secret=secret)


def authenticator_code(device):
    return f"{TOTP(base64.b32decode(device.secret)).token():06d}"


def make_request(*, method="get", path="/", user=None, ip="192.0.2.1", cookies=None, **more):
    """A request with a stored session, as a view gets it."""
    factory = RequestFactory(REMOTE_ADDR=ip, HTTP_USER_AGENT=CHROME)
    request = getattr(factory, method)(path, **more)
    request.COOKIES.update(cookies or {})
    request.session = SessionStore()
    request.session.save()
    request.user = user or AnonymousUser()
    return request


def make_signed_in(user, **more):
    """A request of somebody who has just signed in."""
    request = make_request(**more)
    sessions.sign_in(request, user, method="password")
    return request


def waiting():
    """How many sessions of this PostgreSQL database wait for a lock; other tests have databases of their own on it."""
    with connection.cursor() as cursor:
        # Who waits holds locks on tables, which name their database. What sessions do is no help: a transaction sees that once.
        cursor.execute(
            "SELECT count(DISTINCT waits.pid) FROM pg_locks AS waits JOIN pg_locks AS holds USING (pid)"
            " JOIN pg_database ON pg_database.oid = holds.database"
            " WHERE NOT waits.granted AND holds.granted AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def together(*jobs):
    """Run every job in a thread and a connection of its own, started by one barrier; return what each gave.

    A job that raised gives its exception.
    """
    barrier = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(place, job):
        try:
            barrier.wait()
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
