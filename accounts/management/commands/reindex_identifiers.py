from django.core.management.base import BaseCommand

from accounts import audit, keys, rotation


class Command(BaseCommand):
    help = "Make all look-up digests with the first key of INDEX_KEYS. Afterwards the old key may leave the ring."

    def handle(self, **options: object) -> None:
        total = 0
        for model in rotation.identifier_models():
            left_out: list[int] = []
            done = sum(rotation.reindex(model, left_out))
            total += done
            self.stdout.write(f"{model._meta.label}: {done} rows")
            if left_out:
                self.stdout.write(
                    f"  {len(left_out)} rows keep their old digest, because their number was replaced: {left_out[:20]}"
                )
        self._record(total)
        self.stdout.write(f"new digests carry key {keys.index_keys().current}")

    def _record(self, rows: int) -> None:
        details = {"rows": rows, "key": keys.index_keys().current}
        audit.record(actor=None, action="identifier.reindex", details=details)
