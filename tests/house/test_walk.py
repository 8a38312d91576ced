"""The walk through the pages in Chromium leaves no page out."""

from django.urls import Resolver404, resolve

from tests.browser.pages import ELSEWHERE, PAGES
from tests.house.test_urls import OURS

# Addresses that the walk does not start at, with the reason.
NOT_WALKED = {
    "display": "changes how pages look and goes back",
    "accounts:sign-out": "answers a button",
    "accounts:still-here": "answers a script",
    "accounts:end-others": "answers a button",
    "accounts:second-factor": "for staff: tests/browser/test_staff_pages.py",
    "accounts:sign-in-sms-code": "comes after the page before it, which the walk sends",
    "accounts:sign-in-sms-who": "comes after a code that only the phone knows",
    "accounts:reset-code": "comes after the page before it, which the walk sends",
    "accounts:reset-who": "comes after a code that only the phone knows",
    "accounts:reset-password": "comes after a code that only the phone knows",
    "accounts:change-phone-code": "comes after the page before it, which the walk sends",
    "insurance:notices-read": "answers a button",
    "insurance:notice-read": "answers a button",
    "insurance:sign-up-code": "comes after the page before it, which the walk sends",
    "insurance:sign-up-password": "comes after a code that only the phone knows",
    "queries:statement-csv": "is a file",
    "family:order-undo": "answers a button",
    "family:pause-all": "answers a button",
    "family:pause": "answers a button",
    "family:undo": "answers a button",
    "family:still-right": "answers a button",
    "family:grant-revoke": "answers a button",
    "accounts:upload": "is a file",
    "claims:desk-bill": "comes after the page before it: tests/browser/test_desk.py",
    "claims:desk-check": "comes after the page before it: tests/browser/test_desk.py",
    "claims:desk-settle": "answers a button",
    "claims:wallet": "has a day on which the rule had it: tests/browser/test_wallet_pages.py",
    "claims:wallet-send": "has a day on which the rule had it: tests/browser/test_wallet_pages.py",
    "claims:wallet-back": "has a day on which the rule had it: tests/browser/test_wallet_pages.py",
    "claims:desk-day-csv": "is a file",
}


def walked():
    for page in PAGES + ELSEWHERE:
        try:
            yield resolve(page.path.partition("?")[0]).view_name
        except Resolver404:
            assert page.status == 404, page.path


def test_every_page_is_walked_or_has_its_reason():
    assert {name for name, _route, _pattern in OURS} == set(walked()) | set(NOT_WALKED)


def test_no_walked_page_is_excused():
    assert not set(walked()) & set(NOT_WALKED)
