"""How even the frames of the labelling screen come while a node is dragged and the loop plays.

Prints p50, p95 and p99 of the time between two animation frames, with what share of them came late, for
each browser that is installed, beside the floor measured in the same run: a page that does nothing.

Run: ``python -m benchmarks.page [--seconds 5]``
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # the site and the people of the browser tests

from tests.browser.conftest import PATHS, launch
from tests.browser.house import House
from tests.browser.person import Person

COUNT = """() => { window.rows = []; const tick = (now) => { rows.push(now); requestAnimationFrame(tick) }
  requestAnimationFrame(tick) }"""
EMPTY = "<!doctype html><title>empty</title>"
LATE_MS = 25.0
"""A frame and a half at 60 frames a second."""


def intervals_ms(page: Page) -> np.ndarray:
    """Return the times between animation frames so far, ms; shape (n_frames - 1,)."""
    return np.diff(np.array(page.evaluate("window.rows"), dtype=np.float64))


def idle(page: Page, seconds: float) -> np.ndarray:
    """Return the floor: an empty page, the pointer moving."""
    page.set_content(EMPTY)
    page.evaluate(COUNT)
    _circle(page, 300.0, 300.0, seconds)
    return intervals_ms(page)


def drag(one: Person, house: House, seconds: float) -> np.ndarray:
    """Return what dragging a node over the playing loop does."""
    one.draw(house.border())
    x, y = one.at(one.nodes()[2])
    one.press("Space")
    one.page.mouse.move(x, y)
    one.page.mouse.down()
    one.page.evaluate(COUNT)
    _circle(one.page, x, y, seconds)
    rows = intervals_ms(one.page)
    one.page.mouse.up()
    return rows


def _circle(page: Page, x: float, y: float, seconds: float) -> None:
    began = page.evaluate("performance.now()")
    turn = 0.0
    while page.evaluate("performance.now()") - began < 1000 * seconds:
        turn += 0.2
        page.mouse.move(x + 20 * np.cos(turn), y + 20 * np.sin(turn))


def say(browser: str, what: str, rows: np.ndarray) -> None:
    """Print one line of the table."""
    p50, p95, p99 = np.percentile(rows, [50, 95, 99])
    late = 100 * float(np.mean(rows > LATE_MS))
    print(f"{browser:9} {what:22} {p50:8.1f} {p95:8.1f} {p99:8.1f} {late:8.1f} {len(rows):8d}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    print(f"{'browser':9} {'page':22} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'late %':>8} {'frames':>8}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder))
        try:
            for name in (n for n, path in PATHS.items() if Path(path).exists()):
                browser = launch(playwright, name)
                project = house.project(frames=(5,))
                one = Person(browser, house, house.member(project, "Ada"))
                say(name, "empty (floor)", idle(one.page, seconds))
                one.sign_in().begin(project).still()
                say(name, "dragging while playing", drag(one, house, seconds))
                browser.close()
        finally:
            house.close()


if __name__ == "__main__":
    main()
