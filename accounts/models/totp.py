"""The staff's authenticator. The packaged device keeps its key in plain text; this one doesn't."""

import base64
import re

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from accounts.fields import EncryptedTextField

CODE = re.compile(r"[0-9]{6}")
DRIFT_STEPS = 1  # a clock may be half a minute off, either way


class TotpDevice(ThrottlingMixin, Device):
    """`secret` is base32, as authenticator apps take it. A code is good once."""

    secret = EncryptedTextField(_("密钥"))
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = _("动态口令器")
        verbose_name_plural = _("动态口令器")
        ordering = ["id"]

    def verify_token(self, token: str) -> bool:
        """Check and use up a code; wrong tries are slowed down by django-otp's own throttle.

        The row is locked first: the same code sent twice at once is good once.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=TotpDevice.objects.select_for_update())
            return self._verify_locked(token)

    def _verify_locked(self, token: str) -> bool:
        allowed, _data = self.verify_is_allowed()
        if not allowed or not CODE.fullmatch(token):
            return False
        totp = TOTP(base64.b32decode(self.secret))
        good = totp.verify(int(token), tolerance=DRIFT_STEPS, min_t=self.last_step + 1)
        if good:
            self.last_step = totp.t()
            self.throttle_reset(commit=False)
            self.save(
                update_fields=[
                    "last_step",
                    "throttling_failure_timestamp",
                    "throttling_failure_count",
                ]
            )
        else:
            self.throttle_increment()
        return good

    def get_throttle_factor(self) -> int:
        return 1
