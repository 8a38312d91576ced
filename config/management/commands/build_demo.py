"""Build the demo world."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import world


class Command(BaseCommand):
    help = "Build the demo world; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("the demo world is never built in production")
        built = world.build(tell=self.stdout.write)
        self.stdout.write(f"demo world: {built} new, {world.size() - built} there already")
