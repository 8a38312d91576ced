from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = _("结算")

    def ready(self) -> None:
        """What registers itself on the floors below: names in the visitors' book, sentences of notices."""
        for module in (
            "clerks",
            "desk",
            "notes",
            "provider_keys",
            "providers",
            "verifications",
            "wallets",
            "writing",
        ):
            import_module(f"claims.{module}")
