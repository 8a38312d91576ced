"""Print the people of the demo world."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.cast import demo_people


class Command(BaseCommand):
    help = "Print the demo people: with --json as data, otherwise as a table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("production has no demo people")
        people = demo_people()
        if options["json"]:
            self.stdout.write(json.dumps(people, ensure_ascii=False, indent=2))
            return
        for person in people:
            second = f" TOTP {person['totp_secret']}" if "totp_secret" in person else ""
            self.stdout.write(
                f"{person['name']}（{person['role']}）{person['id_number']} "
                f"{person['phone'] or '-'} {person['social_security_card'] or '-'} "
                f"{person['password'] or '不能登录'}{second}  {person['shows']}"
            )
