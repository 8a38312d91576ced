"""Django as the rig wants it, in a process that has no connection yet: DATABASE_URL says which database."""

import os

import django
from django.conf import settings
from django.urls import reverse

CHEAP_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CARRIER = "tests.proof.soak.carrier.Carrier"


def dress():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.PASSWORD_HASHERS = CHEAP_HASHERS
    settings.SMS_BACKEND = CARRIER
    settings.LOGGING_CONFIG = None
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # A worker's connection lives until somebody breaks it.
        settings.DATABASES["default"]["CONN_MAX_AGE"] = None
    django.setup()
    # Loads the addresses of all floors now, and not in each process that starts where one was killed.
    reverse("accounts:sign-in")
