"""Run the executable examples against the published rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insurance import policy_examples


class Command(BaseCommand):
    help = "Run every example of the rules against what is published; a failing one is an error."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = policy_examples.run(policy_examples.read())
        except policy_examples.ExampleError as error:
            raise CommandError(str(error)) from None
        failed = [one for one in outcomes if one.faults]
        for one in failed:
            place = f"{one.example.rule}: {one.example.name}"
            self.stderr.write(f"{place}: {'; '.join(one.faults)} ({one.example.clause})")
        if failed:
            raise CommandError(f"{len(failed)} of {len(outcomes)} examples fail.")
        if options["verbosity"]:
            self.stdout.write(f"{len(outcomes)} examples hold.")
