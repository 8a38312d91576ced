"""All settings, in one file.

Development is the default and works at once; production is chosen by `GONGJI_ENV=production`
and refuses to start without its secrets, hosts and database.
"""

from pathlib import Path

import bootstrap_wrapper
import environ
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("GONGJI_ENV", default="development")
if ENVIRONMENT not in {"development", "production"}:
    raise environ.ImproperlyConfigured("GONGJI_ENV takes development or production")
PRODUCTION = ENVIRONMENT == "production"


def secret(name: str, development: str) -> str:
    """A value that production must be given; development uses a public one."""
    value = env.str(name) if PRODUCTION else env.str(name, default=development)
    if PRODUCTION and (not value or value == development):
        raise environ.ImproperlyConfigured(f"{name} must be set, and not to the development value")
    return value


# Secrets. Key rings read "number:base64 of 32 bytes", newest first, separated by commas.
SECRET_KEY = secret("SECRET_KEY", "development-only-" + "0123456789abcdef" * 4)
FIELD_KEYS = secret("FIELD_KEYS", "1:ZGV2ZWxvcG1lbnQtb25seS1maWVsZC1rZXktMDAwMDE=")
INDEX_KEYS = secret("INDEX_KEYS", "1:ZGV2ZWxvcG1lbnQtb25seS1pbmRleC1rZXktMDAwMDE=")
SEAL_KEYS = secret("SEAL_KEYS", "1:ZGV2ZWxvcG1lbnQtb25seS1zZWFsLS1rZXktMDAwMDE=")

# Even development runs without DEBUG: the error pages people see are the real ones.
DEBUG = False if PRODUCTION else env.bool("DEBUG", default=False)
ALLOWED_HOSTS = (
    env.list("ALLOWED_HOSTS")
    if PRODUCTION
    else env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
)
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise environ.ImproperlyConfigured("ALLOWED_HOSTS must name the hosts")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand in front; a client's own X-Forwarded-For is never believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Applications, top floor first
INSTALLED_APPS = [
    "config.apps.GongjiConfig",
    "config.apps.StaffAdminConfig",
    "queries",
    "claims",
    "family",
    "insurance",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

# The queue is a table: what a transaction puts into it is there when the transaction is.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MIDDLEWARE = [
    "accounts.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "claims.api.edge.machines",
    "config.maintenance.maintenance_page",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.idle_session",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
MAINTENANCE = env.bool("MAINTENANCE", default=False)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.display.display",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database
DATABASES = {
    "default": (
        env.db("DATABASE_URL")
        if PRODUCTION
        else env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'data' / 'gongji.sqlite3'}")
    )
}
if not DATABASES["default"].get("ENGINE"):
    raise environ.ImproperlyConfigured("DATABASE_URL must name a database")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time: SQLite has no row locks, so a write transaction starts as one.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Planning the reads of a settlement takes the server four times as long as reading; prepared, they are planned once for each
    # connection. A pool between us and the server must keep prepared statements, or hand out whole sessions.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        server_side_binding=True, prepare_threshold=5
    )
# The covering index of the ledger is for PostgreSQL; SQLite keeps the keys of it.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["insurance.backends.RegisterBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.PersonalWordsValidator"},
    {"NAME": "accounts.passwords.StaffPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "queries:home"
SESSION_COOKIE_AGE = 8 * 60 * 60  # the longest a session lives; idle time ends it sooner
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IDLE_SECONDS = 15 * 60
IDLE_WARNING_SECONDS = 150
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
# What each floor counts when a draft of the rules is previewed: counter(area_code, names) -> [(label, count)].
POLICY_IMPACT_COUNTERS = [
    "insurance.policy_impact.count_people",
    "insurance.policy_impact.count_by_years",
]
SMS_BACKEND = env.str(
    "SMS_BACKEND",
    default="" if PRODUCTION else "accounts.sms.ConsoleBackend",
)

# Files that people send
# Memory only: a temporary file would lie on the disk unencrypted.
FILE_UPLOAD_HANDLERS = ["accounts.receiving.MemoryHandler"]
# More than any form takes, so that the form itself can say how many it does.
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# The dotted path of the class that looks for malware, "accounts.scanning.ClamdScanner" for clamd; empty for none.
UPLOAD_SCANNER = env.str("UPLOAD_SCANNER", default="")
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="unix:/run/clamav/clamd.ctl")
# Who else may see a file, by the floors above: reader(user, upload) -> bool.
UPLOAD_READERS = ["family.evidence.reads"]

# Security headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws its marks as data: pictures in the style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_SECURE = True
    LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Static files
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# Logs carry no personal data: the formatter masks long digit runs as a last line of defence.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": "accounts.logs.MaskedFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # It says each time that it looked into the queue.
        "django_tasks_db": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Its warnings quote the file, which is somebody's.
        "pypdf": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
