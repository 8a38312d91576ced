"""A column that holds a `Month`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from insurance.periods import Month, MonthError


class MonthField(models.PositiveSmallIntegerField):
    """Stored as months since the year 0: two bytes, and ranges are plain integer ranges."""

    # What a model's attribute takes and gives, for the type checker alone.
    _pyi_private_set_type: Month | str | None  # type: ignore[assignment]
    _pyi_private_get_type: Month  # type: ignore[assignment]

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Month | None:
        return None if value is None else Month(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        try:
            return Month(value) if isinstance(value, int) else Month.parse(str(value))
        except MonthError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        return value.index if isinstance(value, Month) else super().get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.CharField(required=not self.null, label=self.verbose_name)

    @property
    def validators(self) -> list[Any]:
        """The integer range checks of the column would compare a `Month` with a number."""
        return []
