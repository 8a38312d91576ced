"""Plain words about payers: why an order changed, why somebody pays no more."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderReason(TextChoices):
    """What made a version of the order."""

    JOIN = "join", _("新加了一位")
    LEAVE = "leave", _("少了一位")
    RETURN = "return", _("恢复了一位")
    REORDER = "reorder", _("换了先后")
    UNDO = "undo", _("撤销了刚才的更改")
