"""Make up a population of any size, for measuring."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config.population import build
from insurance import areas

# Places whose monthly credits the published rules settle.
AREAS = ("110000", "320100", "340100")


class Command(BaseCommand):
    help = "Make up people with accounts, contributions and money for measuring; never in production, never beside real people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--persons", type=int, required=True)
        parser.add_argument(
            "--seed", type=int, required=True, help="the same seed, the same people"
        )
        parser.add_argument("--area", action="append", metavar="CODE", help="may be repeated")
        parser.add_argument(
            "--families",
            type=int,
            default=0,
            metavar="PERCENT",
            help="of pairs that share an account",
        )
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("a population is never made up in production")
        plan = build.Plan(
            persons=options["persons"],
            seed=options["seed"],
            areas=_areas(options["area"] or AREAS),
            family_share=options["families"],
        )
        try:
            there = build.begin(plan)
        except build.NotEmpty:
            raise CommandError("other people stand in this database: take an empty one") from None
        except build.TooMany:
            raise CommandError("--persons takes 1 to a hundred million") from None
        start, made = time.monotonic(), max(plan.persons - there, 0)
        hidden = options["quiet"] or not sys.stderr.isatty()
        with tqdm(total=plan.persons, initial=there, disable=hidden) as bar:
            for done in build.build(plan, done=there):
                bar.update(done - bar.n)
        rate = made / max(time.monotonic() - start, 1e-3)
        self.stdout.write(f"{made} people made, {there} there already, {rate:,.0f} a second")


def _areas(codes: Any) -> tuple[str, ...]:
    for code in codes:
        if code == areas.NATION or not areas.is_known(code):
            raise CommandError(f"--area: {code} is no area")
    return tuple(codes)
