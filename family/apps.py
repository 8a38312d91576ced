from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamilyConfig(AppConfig):
    name = "family"
    verbose_name = _("家庭共济")

    def ready(self) -> None:
        """What registers itself on the floors below: names in the visitors' book, sentences of notices."""
        for module in (
            "counter",
            "grants",
            "guardians",
            "life_events",
            "moving",
            "orders",
            "presence",
        ):
            import_module(f"family.{module}")
