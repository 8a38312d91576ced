from django.core.management.base import BaseCommand

from accounts import keys, rotation


class Command(BaseCommand):
    help = "Encrypt all stored values with the first key of FIELD_KEYS. Afterwards the old key may leave the ring."

    def handle(self, **options: object) -> None:
        for model, field in rotation.encrypted_fields():
            done = sum(rotation.rotate(model, field))
            self.stdout.write(f"{model._meta.label}.{field}: {done} rows")
        self.stdout.write(f"everything is written with key {keys.field_keys().current}")
