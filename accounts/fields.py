"""A text column that is encrypted at rest and can't be searched."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from accounts import keys


class EncryptedTextField(models.TextField):
    """Plain text in Python, AES-256-GCM in the database, bound to its model and field.

    Finding a row by such a value goes through an identifier's digest; a filter on the field itself
    would compare with a random nonce and silently find nothing, so it is refused.
    """

    @cached_property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        # A plain text is what `TextField` would make of it.
        if type(value) is not str:
            value = super().get_prep_value(value)
        if value is None or value == "":
            return value
        return keys.field_keys().encrypt(value, place=self.place)

    def prepare_many(self, values: Sequence[str | None]) -> list[str | None]:
        """`get_prep_value` for each, in their order."""
        prepared = list(values)
        wanted = [place for place, value in enumerate(prepared) if value]
        texts = [value for value in prepared if value]
        sealed = keys.field_keys().encrypt_many(texts, place=self.place)
        for place, text in zip(wanted, sealed, strict=True):
            prepared[place] = text
        return prepared

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        return keys.field_keys().decrypt(value, place=self.place)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look it up by its digest")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """`dumpdata` would write plain text into a file: it is refused."""
        raise FieldError(f"{self.name} leaves the database encrypted only: back up the database")
