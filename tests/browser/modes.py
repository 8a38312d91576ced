"""The ways people look at a page."""

from dataclasses import dataclass, field

from django.conf import settings

from accounts.display import COOKIE_NAME


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A window and what the visitor chose; `target` is the smallest side of what one has to hit, in px."""

    name: str
    width: int = 1280
    height: int = 900
    cookies: dict[str, str] = field(default_factory=dict)
    javascript: bool = True
    target: int = 44
    # 7:1 where people asked to see better, 4.5:1 elsewhere
    strong_contrast: bool = False


MODES = (
    Mode(name="desktop"),
    Mode(name="phone", width=320, height=640),
    Mode(
        name="elder",
        width=390,
        height=844,
        cookies={COOKIE_NAME: "elder"},
        target=60,
        strong_contrast=True,
    ),
    Mode(name="without_javascript", width=390, height=844, javascript=False),
    Mode(name="contrast", cookies={COOKIE_NAME: "contrast"}, strong_contrast=True),
    Mode(name="english", width=390, height=844, cookies={settings.LANGUAGE_COOKIE_NAME: "en"}),
)


def _sittings() -> tuple[tuple[Mode, ...], ...]:
    alike: dict[tuple, list[Mode]] = {}
    for mode in MODES:
        alike.setdefault((mode.javascript, *sorted(mode.cookies.items())), []).append(mode)
    return tuple(map(tuple, alike.values()))


# Modes that differ in the window alone: one answer of the server serves them all.
SITTINGS = _sittings()
