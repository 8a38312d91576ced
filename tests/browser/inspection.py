"""What is looked at on every page, in every mode. Each check gives its faults as lines of text."""

import re
from collections.abc import Iterator

import html5lib
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

from tests.browser.contrast import MEASURE_EACH_LOOK_ONCE
from tests.browser.modes import Mode

# For every page from its start: to hand half a megabyte to each page costs as much as to ask it.
AXE_SCRIPT = f"{Axe().axe_script};\n{MEASURE_EACH_LOOK_ONCE}"

# Everything `layout` asks, in one question: each costs the browser a round trip.
LAYOUT = """() => ({headings: document.querySelectorAll("h1").length, overhang: (%s)(), targets: (%s)()})"""
# Whatever one can hit, with its size. A tick box counts together with its label; a link inside running
# text is as high as its line, which every guideline allows.
TARGETS = """() => {
  const running = (one) => {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    let block = one.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    return block.textContent.trim().length > one.textContent.trim().length;
  };
  const found = [];
  for (const one of document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
    let box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const hidden = !one.checkVisibility() || style.visibility === "hidden" || box.width <= 1 ||
      box.right <= 0 || box.bottom + scrollY <= 0;
    if (hidden || running(one)) continue;
    let {width, height} = box;
    if (["checkbox", "radio"].includes(one.type)) {
      for (const label of one.labels) {
        const around = label.getBoundingClientRect();
        width = Math.max(width, around.right - box.left);
        height = Math.max(height, around.height);
      }
    }
    found.push({
      what: one.outerHTML.slice(0, 120),
      width: Math.round(width * 10) / 10,
      height: Math.round(height * 10) / 10,
    });
  }
  return found;
}"""
# Only what is wrong crosses to this side: axe's whole report is long.
RUN_AXE = """(options) => {
  forgetLooks();
  return axe.run(options).then((found) =>
    found.violations.flatMap((one) => one.nodes.map((node) => [one.id, node.html])));
}"""
# What sticks out of the window on the right, the innermost first.
OVERHANG = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 0.5)
    .map((one) => one.outerHTML.slice(0, 120)).slice(-3);
}"""


class Listener:
    """Hears what a page complains about: script errors, refused content, foreign or failed requests."""

    def __init__(self, tab: Tab, home: str) -> None:
        self.home = home
        self.faults: list[str] = []
        tab.on("console", self.hear)
        tab.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        tab.on("request", self.see)
        tab.on("requestfailed", self.miss)

    def take(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.faults[:] = list(self.faults), []
        return heard

    def hear(self, message) -> None:
        # The browser also reports the status of the page itself, which the walk checks by number.
        own_status = "Failed to load resource" in message.text and not message.location.get(
            "url", ""
        ).startswith(f"{self.home}/static/")
        if message.type in {"error", "warning"} and not own_status:
            self.faults.append(f"console: {message.text}")

    def miss(self, request) -> None:
        # The icon of a page that one left before it came; what the server lacks shows in the console.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def see(self, request) -> None:
        if not request.url.startswith((f"{self.home}/", "data:")):
            self.faults.append(f"foreign request: {request.url}")


def markup(html: str) -> Iterator[str]:
    """Errors of the page's own text, before a browser mends it."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    for (line, _column), code, details in parser.errors:
        yield f"markup: line {line} {code} {details}: {html.splitlines()[line - 1].strip()[:100]}"


def layout(tab: Tab, mode: Mode) -> Iterator[str]:
    """One heading, nothing wider than the window, everything big enough to hit."""
    seen = tab.evaluate(LAYOUT % (OVERHANG, TARGETS))
    if seen["headings"] != 1:
        yield f"{seen['headings']} h1"
    for one in seen["overhang"]:
        yield f"wider than {mode.width} px: {one}"
    for one in seen["targets"]:
        if min(one["width"], one["height"]) < mode.target:
            yield f"target {one['width']} x {one['height']}, not {mode.target}: {one['what']}"


def accessibility(tab: Tab, mode: Mode) -> Iterator[str]:
    """What axe finds with its rules for WCAG 2.2 AA and good practice."""
    # 7:1 asks for more than 4.5:1, of the same texts.
    rules = {
        "color-contrast": {"enabled": not mode.strong_contrast},
        "color-contrast-enhanced": {"enabled": mode.strong_contrast},
    }
    for rule, html in tab.evaluate(RUN_AXE, {"resultTypes": ["violations"], "rules": rules}):
        yield f"axe {rule}: {html[:160]}"


def folded(faults: list[str]) -> Iterator[str]:
    """The same fault on many rows of one page, told once."""
    kinds: dict[str, list[str]] = {}
    for fault in faults:
        kinds.setdefault(re.sub(r"[\d.]+|>.*<", "", fault), []).append(fault)
    for same in kinds.values():
        yield same[0] if len(same) == 1 else f"{same[0]} (and {len(same) - 1} like it)"
