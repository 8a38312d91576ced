"""Print the people of the demo world, and the keys of its providers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.cast import everybody


class Command(BaseCommand):
    help = "Print the demo people: with --json as data, otherwise as a table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("production has no demo people")
        everyone = everybody()
        if options["json"]:
            self.stdout.write(json.dumps(everyone, ensure_ascii=False, indent=2))
            return
        for person in everyone:
            if "provider_key" in person:
                self.stdout.write(
                    f"{person['name']}（{person['provider_code']}）{person['provider_key']}  {person['shows']}"
                )
                continue
            second = f" TOTP {person['totp_secret']}" if "totp_secret" in person else ""
            self.stdout.write(
                f"{person['name']}（{person['role']}）{person['id_number']} "
                f"{person['phone'] or '-'} {person['social_security_card'] or '-'} "
                f"{person['password'] or '不能登录'}{second}  {person['shows']}"
            )
