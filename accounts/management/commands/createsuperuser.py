from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "There is no login that may do everything. Use create_staff."

    def handle(self, **options: object) -> None:
        raise CommandError(
            "One login has one role, and none may do everything. Use: manage.py create_staff"
        )
