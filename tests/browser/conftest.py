"""Chromium, driven by Playwright against a live server of this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests import cast
from tests.browser import inspection
from tests.browser.modes import MODES, Mode
from tests.conftest import browser_path

# How long Chromium may take for one step before it counts as stuck, in ms.
PATIENCE = 15_000
# What no test looks at: the address bar of each window is a page of its own, and costs more than one of ours. Chromium
# obeys the last such list alone, so that this one repeats what Playwright itself turns off on this kind of machine.
TURNED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=browser_path(),
            # Root has no sandbox, a container little shared memory, and nobody looks.
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                f"--disable-features={','.join(TURNED_OFF)}",
            ],
        )
        yield started
        started.close()


def session_cookie(user, *, second_factor=True) -> dict[str, str]:
    client = cast.sign_in(Client(), user, second_factor=second_factor)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture
def wear(live_server):
    """Gives a window cookies of the live server, by name."""

    def put_on(context: BrowserContext, cookies: dict[str, str]) -> None:
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )

    return put_on


@pytest.fixture
def become(wear):
    """Signs a window out, and in as somebody else: `become(window, user)`; None stays signed out."""

    def change(context: BrowserContext, user) -> None:
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
            context.clear_cookies(name=name)
        if user is not None:
            wear(context, session_cookie(user))

    return change


@pytest.fixture
def visit(browser: Browser, live_server, wear):
    """Opens a window: `visit(mode, user=...)` gives a context whose pages start at the live server.

    With a user the window is signed in, as if through the door; staff with their second factor, unless it is
    said that they still stand before it. Windows close with the test.
    """
    opened: list[BrowserContext] = []

    def open_window(
        mode: Mode = MODES[0], *, user=None, second_factor=True, **options
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": mode.width, "height": mode.height},
            java_script_enabled=mode.javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if mode.javascript:
            context.add_init_script(inspection.AXE_SCRIPT)
        wear(context, mode.cookies)
        if user is not None:
            wear(context, session_cookie(user, second_factor=second_factor))
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
