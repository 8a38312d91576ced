"""Where somebody is insured, as a list to choose from."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from insurance import areas
from insurance.places import Province, area_name, provinces

CHOOSE_AREA = _("请选参保的地方。")
INSURED_WHERE = _("在哪里参保？")


def area_field(current: str = "", label: Any = INSURED_WHERE) -> forms.ChoiceField:
    """One query, and one more for a chosen place that is in no list. What is the code of no place is no choice."""
    listed = provinces()
    choices: list[tuple[str, Any]] = [("", _("请选择")), *(_of_province(one) for one in listed)]
    known = {one.code for one in listed} | {link.code for one in listed for link in one.known}
    if areas.is_known(current) and current not in {areas.NATION, *known}:
        choices.append((current, area_name(current)))
    return forms.ChoiceField(
        choices=choices,
        label=label,
        help_text=_("交医保的地方，不是户口所在地。没有列出的城市，选所在的省。"),
        error_messages={"required": CHOOSE_AREA, "invalid_choice": CHOOSE_AREA},
    )


def _of_province(one: Province) -> tuple[str, Any]:
    if not one.known:
        return one.code, one.name
    rest = one.code, _now("%(province)s的其他地方") % {"province": one.name}
    return one.name, [*((link.code, link.name) for link in one.known), rest]
