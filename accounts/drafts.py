"""What somebody had typed when the session ended: kept encrypted, and handed back once."""

import json
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Draft, User

# Fields that prove who somebody is, by any name they might have. They are never written anywhere.
SECRETS = re.compile(
    r"pass|code|token|otp|secret|pin$|slip|captcha|signature|csrf|verif", re.IGNORECASE
)
# Who comes back after the weekend finds the text; afterwards it is only data lying about.
KEEP = timedelta(days=7)
MAX_FIELDS = 100
MAX_LETTERS = 20_000  # several pages of typing


def keep(*, user: User, form_key: str, data: dict[str, list[str]]) -> bool:
    """Keep the fields of one form, replacing what was kept before; False when there is nothing to keep.

    `form_key` is the path of the form. Secrets, uploaded files and whatever is too large are left out.
    """
    kept = {
        name: values
        for name, values in data.items()
        if not SECRETS.search(name) and any(value.strip() for value in values)
    }
    text = json.dumps(kept, ensure_ascii=False)
    if not kept or len(kept) > MAX_FIELDS or len(text) > MAX_LETTERS:
        return False
    Draft.objects.update_or_create(
        user=user, form_key=form_key[:80], defaults={"data": text, "saved_at": timezone.now()}
    )
    return True


def take(*, user: User, form_key: str) -> dict[str, list[str]]:
    """Hand back and forget; {} when there is none. `first_values` turns it into a form's `initial`."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(user=user, form_key=form_key[:80]).first()
        if draft is None or draft.saved_at < timezone.now() - KEEP:
            return {}
        draft.delete()
    taken: dict[str, list[str]] = json.loads(draft.data)
    return taken


def first_values(data: dict[str, list[str]]) -> dict[str, str]:
    """One value a field, for `Form(initial=...)`."""
    return {name: values[0] for name, values in data.items()}


def typed(post: QueryDict) -> dict[str, list[str]]:
    """The fields of a submitted form, as `keep` takes them."""
    return {name: [str(value) for value in values] for name, values in post.lists()}


def prune(*, now: datetime) -> int:
    """Delete what nobody came back for; return how many."""
    deleted, _by_model = Draft.objects.filter(saved_at__lt=now - KEEP).delete()
    return deleted
