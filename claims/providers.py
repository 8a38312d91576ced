"""Hospitals, pharmacies and collectors as they are designated: added, and ended by a last day."""

from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from claims.models import Provider
from insurance.models import PoolingArea

audit.LABELS.update(
    {
        "provider.add": _("登记定点机构"),
        "provider.change": _("修改定点机构的起止日"),
    }
)


@transaction.atomic
def add(
    *,
    code: str,
    name: str,
    kind: str,
    area: PoolingArea,
    designated_from: date,
    designated_to: date | None = None,
    by: User,
    request: HttpRequest | None = None,
) -> Provider:
    """Raise `IntegrityError` for a code that another one has, and for a last day before the first."""
    provider = Provider.objects.create(
        code=code,
        name=name,
        kind=kind,
        area=area,
        designated_from=designated_from,
        designated_to=designated_to,
    )
    audit.record(actor=by, action="provider.add", subject=provider, request=request)
    return provider


@transaction.atomic
def change_end(
    *,
    provider_id: int,
    designated_to: date | None,
    by: User,
    reason: str,
    request: HttpRequest | None = None,
) -> Provider:
    """The last day, None for none: bills of later days are refused from now on. `IntegrityError` for a day before the first."""
    provider = Provider.objects.select_for_update(of=("self",)).get(pk=provider_id)
    before = provider.designated_to
    provider.designated_to = designated_to
    provider.save(update_fields=["designated_to"])
    audit.record(
        actor=by,
        action="provider.change",
        subject=provider,
        reason=reason,
        details={"to": str(designated_to or ""), "to_before": str(before or "")},
        request=request,
    )
    return provider
