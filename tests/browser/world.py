"""The people who look at the pages."""


def people():
    """Users by the key that `tests/browser/pages.py` calls them by."""
    return {}
