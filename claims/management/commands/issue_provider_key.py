"""Give a provider's machines a key, or another one in place of one that they have."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims import provider_keys
from claims.models import Provider, ProviderKey
from claims.provider_keys import LIFETIME, OVERLAP, Scope

# A key that nobody exchanges for years is one that nobody remembers having given away.
MOST_DAYS = 2 * LIFETIME.days


class Command(BaseCommand):
    help = (
        "Issue a key to a designated provider. Only the key itself goes to the standard output: it is shown once and stored "
        f"nowhere. With --replace the old one ends after {OVERLAP.days} days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the provider's national code")
        parser.add_argument(
            "--scope", action="append", choices=[str(one) for one in Scope], help="default: all"
        )
        parser.add_argument("--days", type=int, default=LIFETIME.days)
        parser.add_argument("--replace", metavar="ID", help="the key that it takes the place of")

    def handle(self, *, code: str, **options: Any) -> None:
        provider = Provider.objects.filter(code=code).first()
        if provider is None:
            raise CommandError("No provider has this code.")
        if options["replace"]:
            key, text = self._replace(provider, options)
        else:
            key, text = self._issue(provider, options)
        self.stderr.write(
            f"{provider.code}: {', '.join(key.scopes)}, until {key.expires_at:%Y-%m-%d}"
        )
        self.stderr.write(f"ID of the key, to replace or revoke it: {key.public_id}")
        self.stdout.write(text)

    def _issue(self, provider: Provider, options: dict[str, Any]) -> tuple[ProviderKey, str]:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"A key lives 1 to {MOST_DAYS} days.")
        return provider_keys.issue(
            provider=provider,
            scopes=options["scope"] or tuple(Scope),
            by=None,
            lifetime=timedelta(days=options["days"]),
        )

    def _replace(self, provider: Provider, options: dict[str, Any]) -> tuple[ProviderKey, str]:
        """Of the same scopes and the usual lifetime."""
        if options["scope"] or options["days"] != LIFETIME.days:
            raise CommandError("A key in place of another has its scopes and the usual lifetime.")
        try:
            old = provider.keys.get(public_id=options["replace"])
            return provider_keys.rotate(key_id=old.pk, by=None)
        except (ProviderKey.DoesNotExist, ValidationError):
            raise CommandError("This provider has no such live key.") from None
