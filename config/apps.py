from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks as system_checks

from config import checks


class GongjiConfig(AppConfig):
    """The top floor: settings, root addresses, the staff site and the demo world."""

    name = "config"

    def ready(self) -> None:
        system_checks.register(checks.sms_backend_can_send, system_checks.Tags.security)
        system_checks.register(checks.key_rings_differ, system_checks.Tags.security)
        system_checks.register(checks.upload_scanner_exists, system_checks.Tags.security)
        system_checks.register(checks.uploads_are_scanned, system_checks.Tags.security, deploy=True)
        system_checks.register(
            checks.database_has_row_locks, system_checks.Tags.security, deploy=True
        )


class StaffAdminConfig(AdminConfig):
    """Django's admin with our staff site in the place of its own."""

    default_site = "config.admin.StaffSite"
