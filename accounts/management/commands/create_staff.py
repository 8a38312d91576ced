import getpass
import sys
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from accounts import names, phones, staff
from accounts.id_number import IdNumber, IdNumberError
from accounts.models import User
from accounts.roles import STAFF, Role


class Command(BaseCommand):
    help = (
        "Open the login of a member of staff, the first system administrator above all. Numbers and password are asked for, "
        "not given as arguments, because arguments stay in the shell's history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", choices=sorted(STAFF), default=Role.SYSTEM_ADMIN)

    def handle(self, *, role: str, **options: object) -> None:
        name = names.normalise(self._ask("Name: "))
        if names.fault(name):
            raise CommandError("This is no name.")
        try:
            number = IdNumber.parse(self._ask("ID number: "), today=timezone.localdate())
        except IdNumberError as error:
            raise CommandError(f"This is no ID number ({error.code}).") from None
        typed_phone = self._ask("Mobile phone (may stay empty): ")
        phone = phones.normalise(typed_phone) if typed_phone.strip() else ""
        if phone is None:
            raise CommandError("This is no mobile phone number.")
        password = self._password(User(name=name, role=role), (number.text, phone))
        try:
            user, device = staff.create_staff(
                name=name,
                role=role,
                id_number=number.text,
                phone=phone,
                password=password,
                by=None,
            )
        except IntegrityError:
            raise CommandError("Another login has this ID number.") from None
        self.stdout.write(f"{user} can sign in with the ID number.")
        self.stdout.write("Enter this into the authenticator now; it is shown only once:")
        self.stdout.write(f"  secret: {device.secret}\n  {staff.provisioning_uri(user, device)}")

    def _ask(self, question: str) -> str:
        self.stdout.write(question, ending="")
        self.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise CommandError("The input ended.")
        return line.rstrip("\n")

    def _password(self, user: User, numbers: tuple[str, ...]) -> str:
        """Hidden on a terminal; from a pipe it is the next line, for a set-up that types by itself."""
        asked = getpass.getpass if sys.stdin.isatty() else self._ask
        password = asked("Password: ")
        if asked("Password again: ") != password:
            raise CommandError("The two passwords differ.")
        user.personal_numbers = numbers  # type: ignore[attr-defined]
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password
