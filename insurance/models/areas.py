"""Pooling areas and the levels above them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

NATION = "000000"


class PoolingArea(models.Model):
    """An area whose rules may differ. `code` is GB/T 2260; `admdvs` is the platform's own code.

    `is_listed` is false for areas that only turned up in a register: known by code and province, with blank rules.
    """

    class Level(models.TextChoices):
        NATION = "nation", _("国家")
        PROVINCE = "province", _("省级")
        CITY = "city", _("统筹区")

    code = models.CharField(
        _("代码"), max_length=6, unique=True, validators=[RegexValidator(r"^[0-9]{6}\Z")]
    )
    admdvs = models.CharField(_("医保区划代码"), max_length=6, blank=True)
    name_zh = models.CharField(_("中文名"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=80)
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        to_field="code",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    is_listed = models.BooleanField(_("列入规则目录"), default=True)

    class Meta:
        verbose_name = _("统筹区")
        verbose_name_plural = _("统筹区")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="area_has_a_known_level",
                condition=models.Q(level__in=["nation", "province", "city"]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the page."""
        return name_of(self.name_zh, self.name_en)


def name_of(name_zh: str, name_en: str) -> str:
    """The one in the language of the page."""
    return name_en if (get_language() or "").startswith("en") else name_zh
