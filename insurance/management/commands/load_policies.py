"""Draft the policy files that the database has not seen."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insurance import policies, policy_folder
from insurance.policy_schema import PolicyFileError


class Command(BaseCommand):
    help = (
        "Draft every policy file that was not seen before; a second run changes nothing. "
        "Publishing is for a second person, so --publish works in the demo alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=policy_folder.DATA)
        parser.add_argument("--publish", action="store_true", help="demo only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = policies.load(folder=options["folder"])
            published = (
                policies.publish_for_demo(versions=loaded.drafts) if options["publish"] else 0
            )
        except (PolicyFileError, policies.PolicyError) as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            self.stdout.write(
                f"{len(loaded.drafts)} drafts made, {loaded.known} files known, "
                f"{loaded.sources} sources written, {published} versions published."
            )
