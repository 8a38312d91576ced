"""A month's credits that go wrong."""

import pytest

from insurance import credits


def fail_at(person, month, monkeypatch):
    """Post the month in chunks of two; the chunk that ends with this person fails when it is counted."""
    kept = credits._keep

    def keep(row, tally):
        if tally.last_person == person.pk:
            raise RuntimeError
        kept(row, tally)

    with monkeypatch.context() as patch:
        patch.setattr(credits, "_keep", keep)
        with pytest.raises(RuntimeError):
            list(credits.post_all(credits.begin(month=month), chunk=2))
