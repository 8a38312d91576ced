from django.core.management.base import BaseCommand

from accounts import scanning, uploads
from accounts.models import Upload


class Command(BaseCommand):
    help = "Scan the uploaded files that wait because the scanner was down, or came later. Run it every few minutes."

    def handle(self, **options: object) -> None:
        if scanning.scanner() is None:
            self.stdout.write("no scanner is configured: UPLOAD_SCANNER is empty")
            return
        counts = uploads.scan_held()
        left = Upload.objects.waiting_for_scan().count()
        self.stdout.write(f"{counts['clean']} clean, {counts['infected']} infected, {left} wait")
