"""The pages of the walk. A new page is one line here."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Page:
    """`visitor` is a key of `tests.browser.world`, None for somebody who has not signed in.

    `after` is what the visitor does there before we look: "" nothing, "submit" sends the form as it is,
    "without_token" sends it as if the cookie had run out. `site` is "open", "closed" (maintenance) or
    "broken" (a fault of ours).
    """

    path: str
    visitor: str | None = None
    status: int = 200
    after: str = ""
    site: str = "open"

    @property
    def label(self) -> str:
        return " ".join(filter(None, [self.visitor, self.path, self.after, str(self.status)]))


def public(*paths: str) -> tuple[Page, ...]:
    return tuple(Page(path=path) for path in paths)


def seen_by(visitor: str, *paths: str) -> tuple[Page, ...]:
    return tuple(Page(path=path, visitor=visitor) for path in paths)


PAGES = (
    *public("/", "/help/", "/identify/", "/accessibility/"),
    Page(path="/no-such-page/", status=404),
    Page(path="/", status=503, site="closed"),
    Page(path="/healthz", status=500, site="broken"),
)
