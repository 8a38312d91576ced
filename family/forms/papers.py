"""Papers that show who speaks for a child."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.uploads import EvidenceField, EvidenceFormMixin


class HouseholdBookForm(EvidenceFormMixin, forms.Form):
    """The page of the child and the page of the guardian."""

    papers = EvidenceField(label=_("户口簿的照片：孩子那一页和监护人那一页"))
