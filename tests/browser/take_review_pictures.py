"""Take the pictures of the guide: ``python -m tests.browser.take_review_pictures --samples FOLDER``.

The samples are recordings under the MIT licence whose names are made up; the home is a temporary folder.
"""

import argparse
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import launch
from tests.browser.take_pictures import FOLDER, SCREEN, keep
from tests.server import Running, serve
from unisono.annotate.run import open_catalog, people
from unisono.base.settings import Settings
from unisono.ingest.run import looking, sheets

SAMPLES = (
    "us_renal_s2000_rgb_fakephi.dcm",
    "us_linear_cine_epiq5g_fakephi.zip",
    "echo_a4c_sonosite_30f_jpeg_ybr422.dcm",
    "US1_J2KR.dcm",
)
REVIEWER = "Rita Reviewer"


def prepare(samples: Path, home: Path) -> str:
    """Take the samples in, add a reviewer, write a contact sheet; return a sign-in token."""
    command = [sys.executable, "-m", "unisono.cli", "ingest", "--home", str(home), "--workers", "1"]
    subprocess.run([*command, *(str(samples / name) for name in SAMPLES)], check=True)
    catalog = open_catalog(Settings(home=home))
    catalog.write(partial(people.add_expert, name=REVIEWER))
    catalog.write(partial(people.set_reviewer, name=REVIEWER))
    token: str = catalog.write(partial(people.invite, name=REVIEWER))
    sheets.sheet(catalog, sheets.quarantine_folder(home) / "sheet.html", "rita")
    catalog.close()
    return token


def model_of(home: Path, model: str) -> str:
    """Return the code of the waiting clip of a scanner's model."""
    catalog = open_catalog(Settings(home=home))
    found = looking.listed(catalog).clips
    catalog.close()
    return next(w.clip.code for w in found if model in str(w.clip.header.get("model", "")))


def show(page: Page, code: str) -> None:
    """Open a clip and wait until it can be decided on."""
    page.evaluate("(code) => (location.hash = `#/review/${code}`)", code)
    expect(page.get_by_test_id("before")).to_have_attribute("aria-label", f"{BEFORE}, clip {code[:11]}")
    expect(page.get_by_test_id("reject")).to_be_enabled()


BEFORE = "Before its mask: brightest of all frames"


def take(page: Page, home: Path, running: Running, token: str, folder: Path) -> None:
    """Take all pictures."""
    page.goto(f"{running.address}/#/link/{token}")
    page.get_by_test_id("to-review").click()
    expect(page.get_by_test_id("reject")).to_be_enabled()
    show(page, model_of(home, "EPIQ"))
    page.mouse.move(0, 0)  # else a button under it looks chosen
    keep(page, folder, "review-text")
    page.keyboard.press("r")
    expect(page.get_by_test_id("reason-box")).to_be_visible()
    keep(page, folder, "review-reject")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.get_by_test_id("corner").first).to_be_visible()
    keep(page, folder, "review-draw")
    page.keyboard.press("Escape")
    page.goto((home / "quarantine" / "sheet.html").as_uri())
    keep(page, folder, "review-sheet")
    page.goto(next((home / "reports").glob("*/report.html")).as_uri())
    keep(page, folder, "ingest-report")


def main() -> None:
    """Take the samples in, serve them, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        token = prepare(given.samples, home)
        running = serve(home)
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright, "chromium")
                page = browser.new_page(viewport=SCREEN, locale="en-GB")
                take(page, home, running, token, given.out)
                browser.close()
        finally:
            running.stop()


if __name__ == "__main__":
    main()
