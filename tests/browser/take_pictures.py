"""Take the pictures of the documentation from the sample study: ``python -m tests.browser.take_pictures``.

The study is made in a temporary folder, so a picture shows what a newcomer sees after ``make demo``.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.browser.conftest import launch
from tests.server import Running, serve
from unisono.annotate.run import open_catalog, projects
from unisono.base.settings import Settings
from unisono.bench.phantom import make_heart
from unisono.cli.sample_study import EFS, SEED

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SCREEN = ViewportSize(width=1280, height=800)
MOST_BYTES = 300_000
PHANTOMS = "lv-phantoms"
LOADED = """() => [...document.images].every(
  (image) => image.naturalWidth > 0 || image.getBoundingClientRect().top > innerHeight)"""


def prepare(home: Path) -> dict[str, str]:
    """Make the sample study and return a sign-in token by name."""
    command = [sys.executable, "-m", "unisono.cli", "demo", "--home", str(home), "--no-serve", "--json"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    links: dict[str, str] = json.loads(said)["links"]
    return {name: link.rpartition("/")[2] for name, link in links.items()}


def border(home: Path, item: str, n_nodes: int = 9) -> list[tuple[float, float]]:
    """Return clicks along the true border of the phantom that an item shows."""
    catalog = open_catalog(Settings(home=home))
    with catalog.read() as connection:
        items = [i.id for i in projects.items(connection, PHANTOMS)]
    catalog.close()
    phantom, phase = divmod(items.index(item), 2)
    quality = 0.9 - 0.08 * phantom
    heart = make_heart(np.random.default_rng((SEED, phantom)), ef=EFS[phantom], quality=quality)
    curve = heart.curves[heart.es_frame if phase else heart.ed_frame]
    at = np.linspace(0, len(curve) - 1, n_nodes).round().astype(int)
    return [(float(x), float(y)) for x, y in curve[at]]


def click(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    """Click a place of the frame; return where that is on the screen."""
    at = page.evaluate("([x, y]) => __unisono.toScreen(x, y)", list(place))
    page.mouse.click(at["x"], at["y"])
    return at["x"], at["y"]


def draw(page: Page, nodes: Sequence[tuple[float, float]]) -> None:
    """Trace the border, and hold a node, so that the loupe is seen."""
    page.keyboard.press("[")
    expect(page.get_by_test_id("item-frame")).to_have_text(re.compile("the frame asked"))
    places = [click(page, node) for node in nodes]
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("state-mv-post-hinge")).to_have_text("drawn")
    expect(page.get_by_test_id("saved-line")).to_contain_text(re.compile(r"saved .*\b0 waiting"))
    x, y = places[-3]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y + 2, steps=4)
    expect(page.locator(".loupe")).to_be_visible()


def keep(page: Page, folder: Path, name: str) -> None:
    """Take a picture once everything that loads has loaded."""
    page.wait_for_function(LOADED)
    path = folder / f"{name}.png"
    image = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    # The last bit of each colour is not seen, and speckle makes it costly.
    cv2.imwrite(str(path), image & 0xFE, [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_STRATEGY, 0])
    size = path.stat().st_size
    print(f"{path}: {size / 1000:.0f} kB")  # noqa: T201  # a script
    if size > MOST_BYTES:
        raise SystemExit(f"{path} has {size} bytes; at most {MOST_BYTES}")


def sign_in(page: Page, running: Running, token: str) -> None:
    """Use a sign-in link."""
    page.goto(f"{running.address}/#/link/{token}")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()


def take(page: Page, home: Path, running: Running, tokens: dict[str, str], folder: Path) -> None:
    """Take all pictures, screen by screen."""
    page.goto(running.address)
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    keep(page, folder, "sign-in")
    sign_in(page, running, tokens["Demo lead"])
    expect(page.locator("[data-testid^=queue-card-]")).to_have_count(3)
    keep(page, folder, "work")
    page.get_by_test_id(f"go-on-{PHANTOMS}").click()
    expect(page.get_by_test_id("frame-number")).to_be_visible()
    page.wait_for_function("() => window.__unisono && window.__unisono.frame() >= 0")
    draw(page, border(home, page.url.rpartition("/i/")[2]))
    keep(page, folder, "label")
    page.mouse.up()
    page.goto(f"{running.address}/#/p/{PHANTOMS}/lead")
    expect(page.locator("[data-testid^=item-]")).to_have_count(12)
    keep(page, folder, "dashboard")
    page.locator("[data-testid^=item-]").first.click()
    expect(page.get_by_test_id("consensus-path")).to_have_count(1)
    keep(page, folder, "consensus")


def main() -> None:
    """Make the study, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        tokens = prepare(home)
        running = serve(home)
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright, "chromium")
                take(browser.new_page(viewport=SCREEN, locale="en-GB"), home, running, tokens, folder)
                browser.close()
        finally:
            running.stop()


if __name__ == "__main__":
    main()
