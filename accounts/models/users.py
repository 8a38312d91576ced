"""A login. The human in the register is `insurance.InsuredPerson`."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import EncryptedTextField
from accounts.privacy import mask_name
from accounts.roles import AT_WORK, RULES, STAFF, Role


class UserManager(BaseUserManager["User"]):
    def staff(self) -> models.QuerySet["User"]:
        return self.filter(role__in=sorted(STAFF))

    def citizens(self) -> models.QuerySet["User"]:
        return self.filter(role=Role.CITIZEN)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """`role` decides everything a login may do; the table is `accounts.roles.RULES`."""

    public_id = models.UUIDField(_("登录编号"), default=uuid.uuid4, unique=True, editable=False)
    name = EncryptedTextField(_("姓名"))
    role = models.CharField(_("角色"), max_length=20, choices=Role, default=Role.CITIZEN)
    is_active = models.BooleanField(_("可以登录"), default=True)
    created_at = models.DateTimeField(_("开通时间"), auto_now_add=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS = ["name", "role"]
    objects = UserManager()

    class Meta:
        verbose_name = _("登录用户")
        verbose_name_plural = _("登录用户")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="user_has_exactly_one_known_role",
                condition=models.Q(role__in=Role.values),
            )
        ]

    def __str__(self) -> str:
        return f"{mask_name(self.name)}（{self.get_role_display()}）"

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_at_work(self) -> bool:
        """Staff, and those who take bills for a provider."""
        return self.role in AT_WORK

    @property
    def is_citizen(self) -> bool:
        return self.role == Role.CITIZEN

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and perm in RULES[self.role].permissions

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(
            permission.startswith(f"{app_label}.") for permission in RULES[self.role].permissions
        )
