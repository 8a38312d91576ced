"""The hospital and the pharmacy of the demo world, and the keys of their machines: public, so they open nothing but a demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts import keys
from accounts.models import User
from accounts.roles import Role
from claims import provider_keys
from claims.models import Provider, ProviderClerk, ProviderKey, ProviderKind
from claims.provider_keys import Scope
from insurance.models import PoolingArea

SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class DemoProvider:
    """`clerk` is the name of the member of staff who takes bills there."""

    key: str
    code: str
    name: str
    kind: str
    area: str
    machine_key: str
    shows: str
    clerk: str = ""


PROVIDERS = (
    DemoProvider(
        "hospital",
        "H21020000001",
        "大连海湾人民医院",
        ProviderKind.INSTITUTION,
        "210200",
        "gjpk_demo-hospital-0000000000000000000000000000",
        "定点医院：收费窗口，或者用机构密钥走接口",
        "秦收",
    ),
    DemoProvider(
        "pharmacy",
        "P21020000001",
        "大连海湾大药房",
        ProviderKind.PHARMACY,
        "210200",
        "gjpk_demo-pharmacy-0000000000000000000000000000",
        "定点药店：用机构密钥走接口",
    ),
)


def described() -> Iterator[dict[str, object]]:
    """As `demo_cast --json` prints them, with the fields that people have."""
    for one in PROVIDERS:
        yield {
            "key": one.key,
            "name": one.name,
            "role": "provider",
            "can_sign_in": False,
            "id_number": None,
            "phone": None,
            "social_security_card": None,
            "password": None,
            "area": one.area,
            "shows": one.shows,
            "provider_code": one.code,
            "provider_key": one.machine_key,
        }


def add(one: DemoProvider) -> bool:
    """Whether it was not there yet. Its key lives on from today, each time."""
    provider, is_new = Provider.objects.get_or_create(
        code=one.code,
        defaults={
            "name": one.name,
            "kind": one.kind,
            "area": PoolingArea.objects.get(code=one.area),
            "designated_from": SINCE,
        },
    )
    ProviderKey.objects.update_or_create(
        digest=keys.index_keys().digest(one.machine_key, purpose=provider_keys.PURPOSE),
        defaults={
            "provider": provider,
            "scopes": sorted(Scope),
            "expires_at": timezone.now() + provider_keys.LIFETIME,
        },
    )
    if one.clerk:
        # Names lie there encrypted, so the few of them are read.
        clerks = User.objects.filter(role=Role.PROVIDER_CLERK)
        user = next(user for user in clerks if user.name == one.clerk)
        ProviderClerk.objects.get_or_create(user=user, defaults={"provider": provider})
    return is_new
