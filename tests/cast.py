"""The people of the tests, and how they come through the door."""

import django_otp
from django.conf import settings

from accounts import sessions
from accounts.models import SignIn, TotpDevice
from insurance.models import IdentityLink
from tests.factories import accounts, insurance

ZHANG_ID = insurance.make_id_number(area="210000", born="19710812", sequence=13)
ZHANG_PHONE = "15400000001"
ZHANG_CARD = "D20010001"
LI_ID = insurance.make_id_number(area="210000", born="19730405", sequence=26)
LI_CARD = "D20010002"
BOY_ID = insurance.make_id_number(area="210000", born="20180601", sequence=71)


def zhang(**more):
    """A citizen with a login and all three identifiers: (user, person)."""
    return citizen(
        **{
            "name": "张建国",
            "id_number": ZHANG_ID,
            "phone": ZHANG_PHONE,
            "social_security_card": ZHANG_CARD,
            **more,
        }
    )


def li(**more):
    """Zhang's wife, who signs in with the same phone."""
    return citizen(
        **{
            "name": "李梅",
            "id_number": LI_ID,
            "phone": ZHANG_PHONE,
            "social_security_card": LI_CARD,
            **more,
        }
    )


def citizen(*, name, phone="", login_phone=None, password=accounts.PASSWORD, **register):
    """A person of the register and the login that stands for it. `login_phone` "" is a login without one."""
    person = insurance.make_person(name=name, phone=phone, **register)
    own = phone if login_phone is None else login_phone
    user = accounts.make_user(name=name, phone=own or None, password=password)
    IdentityLink.objects.create(user=user, person=person, channel=IdentityLink.Channel.SMS)
    return user, person


def sign_in(client, user, *, second_factor=True):
    """Give this client a session of the user, as the door would; staff with their second factor too."""
    request = accounts.make_request()
    method = SignIn.Method.TOTP if user.is_at_work else SignIn.Method.PASSWORD
    sessions.sign_in(request, user, method=method)
    if user.is_at_work and second_factor:
        device = TotpDevice.objects.filter(user=user).first() or accounts.make_authenticator(user)
        django_otp.login(request, device)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return client
