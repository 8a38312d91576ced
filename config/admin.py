"""The one admin site: staff roles only, after the second factor, and with a password nobody else knows."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINISTRATORS, Role
from accounts.views.door import own_home
from accounts.views.sign_out import sign_out
from claims import verifications

# Whoever keeps the site right, and whoever is asked at the window why an amount is what it is.
KNOW_OF_MONEY = ADMINISTRATORS | {Role.WINDOW_CLERK}
FLOORS = ("accounts", "insurance", "family", "claims")


@dataclass(frozen=True)
class Task:
    """A line of the index: shown to whoever has the permission."""

    label: str | Promise
    url_name: str
    permission: str
    hint: str | Promise = ""


# By work, not by app: nobody at a window knows what an app is.
GROUPS: dict[str | Promise, tuple[Task, ...]] = {
    _("窗口服务"): (
        Task(
            _("找人"),
            "admin:find-person",
            "insurance.view_insuredperson",
            _("凭完整号码和理由查看一位参保人，发一次性凭条"),
        ),
        Task(
            _("等窗口核对的家庭共济"),
            "admin:family-cases",
            "family.change_binding",
            _("双方都同意了，规则要窗口来定；最早的在前"),
        ),
        Task(
            _("家庭共济关系"),
            "admin:family_binding_changelist",
            "family.view_binding",
            _("按受理号查找一件，只看不改"),
        ),
        Task(
            _("结算"),
            "admin:claims_settlement_changelist",
            "claims.view_settlement",
            _("按结算号或退费号查找一笔：从谁的账户付了多少，为什么"),
        ),
        Task(
            _("保存的决定"),
            "admin:insurance_storeddecision_changelist",
            "insurance.view_storeddecision",
            _("以前答复过什么，按当时的样子"),
        ),
    ),
    _("规则"): (
        Task(
            _("规则版本"),
            "admin:insurance_policyversion_changelist",
            "insurance.view_policyversion",
            _("各地规则的值、来源和历次版本"),
        ),
        Task(
            _("说法不一"),
            "admin:insurance_policytask_changelist",
            "insurance.view_policytask",
            _("规则互相矛盾的地方，各种说法和待办"),
        ),
        Task(
            _("规则来源"),
            "admin:insurance_policysource_changelist",
            "insurance.view_policysource",
            _("每个值出自哪份文件"),
        ),
        Task(
            _("统筹区"),
            "admin:insurance_poolingarea_changelist",
            "insurance.view_poolingarea",
            _("地区代码和名称"),
        ),
    ),
    _("登录和运行"): (
        Task(
            _("工作登录"),
            "admin:accounts_user_changelist",
            "accounts.view_user",
            _("开通、换角色、停用"),
        ),
        Task(
            _("定点机构"),
            "admin:claims_provider_changelist",
            "claims.view_provider",
            _("登记，修改起止日"),
        ),
        Task(
            _("收费人员"),
            "admin:claims_providerclerk_changelist",
            "claims.view_providerclerk",
            _("定点机构里收费的人：开通、停用"),
        ),
        Task(
            _("机构密钥"),
            "admin:claims_providerkey_changelist",
            "claims.view_providerkey",
            _("机构的机器用的密钥：发放、更换、停用"),
        ),
        Task(
            _("导入记录"),
            "admin:insurance_importrun_changelist",
            "insurance.view_importrun",
            _("哪个文件、什么时候、多少行有误"),
        ),
        Task(
            _("每月划入"),
            "admin:insurance_creditrun_changelist",
            "insurance.view_creditrun",
            _("每个月给多少人划入，谁没有划入、为什么"),
        ),
    ),
    _("安全"): (
        Task(
            _("次数限制"),
            "admin:accounts_throttle_changelist",
            "accounts.view_throttle",
            _("谁都能看到的计数，没有号码"),
        ),
        Task(
            _("解除限制"),
            "admin:lift-lock",
            "accounts.change_throttle",
            _("核实身份以后，让被挡住的人重新登录"),
        ),
        Task(
            _("登录记录"),
            "admin:accounts_signin_changelist",
            "accounts.view_signin",
            _("什么时候、从哪里登录"),
        ),
    ),
    _("审计"): (
        Task(
            _("审计记录"),
            "admin:accounts_auditentry_changelist",
            "accounts.view_auditentry",
            _("谁、什么时候、对谁、做了什么、为什么"),
        ),
        Task(
            _("账目核验"),
            "admin:claims_verificationrun_changelist",
            "claims.view_verificationrun",
            _("每夜核对所有的钱，看了多少行，哪里不符"),
        ),
        Task(
            _("封存"),
            "admin:accounts_seal_changelist",
            "accounts.view_seal",
            _("封存的范围，核验有没有被改过"),
        ),
    ),
}


class StaffSite(AdminSite):
    site_title = _("共济工作台")
    site_header = _("共济工作台")
    index_title = _("今天的工作")
    site_url = None
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Pages of our own floors only: Django's groups would be a second table of roles."""
        models: Any = model_or_iterable
        if isinstance(model_or_iterable, type):
            models = [model_or_iterable]
        ours = [model for model in models if model._meta.app_label in FLOORS]
        super().register(ours, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            user.is_authenticated
            and user.is_active
            and user.is_staff
            and user.is_verified()  # type: ignore[attr-defined]
            and user.password_changed_at is not None
        )

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        own = {"groups": groups_for(request), "verification": verification_for(request)}
        return super().index(request, {**own, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one door: sign in there, show the second factor, then replace a password that was handed over."""
        user, onward = request.user, request.GET.get("next") or reverse("admin:index")
        if not user.is_authenticated:
            return redirect_to_login(onward)
        if not user.is_staff:
            return redirect(own_home(user))
        if not user.is_verified():  # type: ignore[attr-defined]
            return redirect_to_login(onward, login_url=reverse("accounts:second-factor"))
        if user.password_changed_at is None:
            return redirect("accounts:change-password")
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """By button only, as the door of the site has it."""
        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Django's own form knows neither our limits nor the visitors' book."""
        return redirect("accounts:change-password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("accounts:security")


def verification_for(request: HttpRequest) -> dict[str, Any] | None:
    """How the money stands, for whoever may know; None for the others. The page of the run is the audit's alone."""
    if getattr(request.user, "role", "") not in KNOW_OF_MONEY:
        return None
    run = verifications.last()
    return {
        "run": run,
        "may_open": request.user.has_perm("claims.view_verificationrun"),
        "standing": verifications.standing_of(run, now=timezone.now()),
        "first": verifications.in_words(run.first[0]) if run and run.first else "",
    }


def groups_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with something for this role, in order."""
    groups = []
    for title, tasks in GROUPS.items():
        allowed = [task for task in tasks if request.user.has_perm(task.permission)]
        if allowed:
            groups.append({"title": title, "tasks": allowed})
    return groups
