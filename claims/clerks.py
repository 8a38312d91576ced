"""The logins of those who take bills for a provider: opened in person, ended on the day they leave."""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit, sessions, staff
from accounts.models import LoginIdentifier, SignIn, TotpDevice, User
from accounts.roles import Role
from claims.models import Provider, ProviderClerk

audit.LABELS.update(
    {
        "provider_clerk.add": _("开通定点机构收费人员"),
        "provider_clerk.end": _("停用定点机构收费人员"),
    }
)


@dataclass(frozen=True)
class Opened:
    """What is handed over in person; nothing of it is stored in plain text."""

    clerk: ProviderClerk
    password: str
    device: TotpDevice


@transaction.atomic
def add(
    *,
    provider: Provider,
    name: str,
    id_number: str,
    by: User,
    phone: str = "",
    request: HttpRequest | None = None,
) -> Opened:
    """A login with two factors for one provider. Raise `IntegrityError` where another login for work has this ID number."""
    password = staff.first_password()
    user, device = staff.create_staff(
        name=name,
        role=Role.PROVIDER_CLERK,
        id_number=id_number,
        phone=phone,
        password=password,
        by=by,
        request=request,
        is_handed_over=True,
    )
    clerk = ProviderClerk.objects.create(user=user, provider=provider)
    audit.record(
        actor=by,
        action="provider_clerk.add",
        subject=clerk,
        details={"provider": provider.pk},
        request=request,
    )
    return Opened(clerk, password, device)


@transaction.atomic
def end(*, clerk_id: int, by: User, reason: str, request: HttpRequest | None = None) -> bool:
    """Out at once and for good; False where that was so already. The number is free for another login, at another provider."""
    clerk = ProviderClerk.objects.select_for_update(of=("self",)).get(pk=clerk_id)
    if clerk.ended_at is not None:
        return False
    now = timezone.now()
    clerk.ended_at = now
    clerk.save(update_fields=["ended_at"])
    User.objects.filter(pk=clerk.user_id).update(is_active=False)
    LoginIdentifier.objects.live().filter(user=clerk.user_id).update(ended_at=now)
    sessions.end_all(clerk.user, ended_by=SignIn.End.OTHER)
    audit.record(
        actor=by, action="provider_clerk.end", subject=clerk, reason=reason, request=request
    )
    return True
