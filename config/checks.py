"""System checks with ids: what `manage.py check` says about a configuration that starts but should not serve."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

KEY_RINGS = ("FIELD_KEYS", "INDEX_KEYS", "SEAL_KEYS")

AppConfigs = Sequence[AppConfig] | None


def sms_backend_can_send(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """Error gongji.E001 when SMS_BACKEND names no importable class."""
    try:
        import_string(settings.SMS_BACKEND)
    except ImportError:
        return [
            Error(
                "SMS_BACKEND names no class that can be imported.",
                hint="Set it to the dotted path of the class that hands messages to your SMS provider.",
                id="gongji.E001",
            )
        ]
    return []


def upload_scanner_exists(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """Error gongji.E003 when UPLOAD_SCANNER names a class that can't be imported: every upload would fail."""
    if settings.UPLOAD_SCANNER:
        try:
            import_string(settings.UPLOAD_SCANNER)
        except ImportError:
            return [
                Error(
                    "UPLOAD_SCANNER names no class that can be imported.",
                    hint="accounts.scanning.ClamdScanner speaks to clamd at CLAMD_ADDRESS.",
                    id="gongji.E003",
                )
            ]
    return []


def uploads_are_scanned(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """Warning gongji.W002 when production takes files without looking for malware."""
    if not settings.UPLOAD_SCANNER:
        return [
            Warning(
                "Uploaded files are not scanned for malware.",
                hint="Run clamd and set UPLOAD_SCANNER=accounts.scanning.ClamdScanner.",
                id="gongji.W002",
            )
        ]
    return []


def key_rings_differ(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """Error gongji.E002 when one key stands in two rings: a leak of one would then be a leak of both."""
    seen: dict[str, str] = {}
    faults: list[CheckMessage] = []
    for ring in KEY_RINGS:
        for item in getattr(settings, ring).split(","):
            key = item.strip().partition(":")[2]
            if seen.setdefault(key, ring) != ring:
                faults.append(
                    Error(
                        f"{ring} and {seen[key]} hold the same key.",
                        hint="Draw a new random key of 32 bytes for each ring.",
                        id="gongji.E002",
                    )
                )
    return faults


def database_has_row_locks(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """Warning gongji.W001 when production runs on SQLite, which has one writer at a time."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        return [
            Warning(
                "Production runs on SQLite, which lets one process write at a time.",
                hint="Point DATABASE_URL to PostgreSQL.",
                id="gongji.W001",
            )
        ]
    return []
