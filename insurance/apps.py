from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsuranceConfig(AppConfig):
    name = "insurance"
    verbose_name = _("参保登记、规则与账目")

    def ready(self) -> None:
        """What registers itself on the floor below: the ledger is sealed, the verbs are named in the visitors' book."""
        for module in (
            "sealed_ledger",
            "ledger",
            "ledger_rows",
            "policies",
            "policy_drafts",
            "policy_tasks",
            "register",
            "linking",
            "slips",
            "credits",
            "imports.run",
            "imports.register_people",
        ):
            import_module(f"insurance.{module}")
