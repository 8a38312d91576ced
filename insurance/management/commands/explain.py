"""Ask a rule at the terminal."""

import json
import re
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from insurance import areas, explaining, rule_facts
from insurance.periods import FIRST_YEAR, LAST_YEAR

# The call or the facts are off; 1 is for what went wrong on our side.
OFF = 2
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A career of two thousand periods is a tenth of it.
MAX_BYTES = 4 * 1024 * 1024


def _refuse(field: str, takes: str) -> NoReturn:
    raise CommandError(f"{field}: {takes}", returncode=OFF)


class Command(BaseCommand):
    help = "Decide a question by a rule, for an area and a day, and say why."
    # The rules need no check of the web settings.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """One line in place of argparse's usage: the field that is off and what it takes."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def error(message: str) -> NoReturn:
            line = f"call: {' '.join(message.split())}"
            if getattr(self, "_called_from_command_line", False):
                parser.exit(OFF, f"{line}\n")
            raise CommandError(line, returncode=OFF)

        parser.error = error  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "rule", nargs="?", default="", metavar="RULE", help=", ".join(explaining.RULES)
        )
        parser.add_argument("--area", default="", help="six-digit code of the pooling area")
        parser.add_argument("--on", default="", help="the day of the question, YYYY-MM-DD")
        parser.add_argument(
            "--facts", default="", help="a file with a JSON object, or - for standard input"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rule"] not in explaining.RULES:
            _refuse("RULE", f"takes one of {', '.join(explaining.RULES)}")
        area, on = _area(options["area"]), _day(options["on"])
        try:
            raw = rule_facts.parse(_text(options["facts"])) if options["facts"] else {}
            told = explaining.explain(options["rule"], area=area, on=on, raw=raw)
        except rule_facts.FactsError as error:
            _refuse(error.field, error.takes)
        except DatabaseError:
            _refuse("database", "has no rules: run migrate and load_policies first")
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(told)))


def _area(text: str) -> str:
    if text == areas.NATION or not areas.is_known(text):
        _refuse("--area", "takes the six-digit code of an area, the first two digits a province's")
    return text


def _day(text: str) -> date:
    takes = f"takes a day as YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}"
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        _refuse("--on", takes)
    return found


def _text(path: str) -> str:
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError, AttributeError):
        # A closed standard input is None.
        _refuse("--facts", "takes a file of UTF-8 text that can be read, or -")
    if len(data) > MAX_BYTES:
        _refuse("--facts", f"takes at most {MAX_BYTES} bytes")
    return text


def _lines(told: dict[str, Any]) -> list[str]:
    """For people: the verdict, each reason with its documents, then figures and papers."""
    lines = [f"{told['rule']} {told['area']} {told['on']}: {told['verdict']}", ""]
    for one in told["findings"]:
        lines += [f"- [{one['verdict']}] {one['message']}", f"  {one['message_en']}"]
        if one["next_step"]:
            lines.append(f"  → {one['next_step']}")
        lines += [
            "  " + " ".join(part for part in (f"[{source['id']}]", source["title"], source["number"], source["date"], f"({source['confidence']})") if part)
            for source in one["sources"]
        ]  # fmt: skip
    if told["figures"]:
        lines += [
            "",
            *(f"{key}: {'–' if one is None else one}" for key, one in told["figures"].items()),
        ]
    if told["materials"]:
        lines += ["", *(f"□ {one['message']}" for one in told["materials"])]
    return lines
