"""The frame that the page tells is the frame that it shows, standing and playing."""

from itertools import pairwise

import pytest

from tests.browser.house import BITS, BLOCK_PX, CODED_FRAMES, House, coded_times_s
from tests.browser.person import Person, until

READ_CODE = f"""window.readCode = () => {{
  const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
  const context = canvas.getContext("2d"), ratio = canvas.width / box.width;
  let code = 0;
  for (let bit = 0; bit < {BITS}; bit++) {{
    const at = __unisono.toScreen((bit + 0.5) * {BLOCK_PX} - 0.5, 2 * {BLOCK_PX} - 0.5);
    const x = Math.round((at.x - box.left) * ratio), y = Math.round((at.y - box.top) * ratio);
    if (context.getImageData(x, y, 1, 1).data[0] > 115) code += 2 ** bit;
  }}
  return code;
}}"""
WATCH = """(wanted_s) => new Promise((done) => {
  const rows = [];
  const look = (now) => {
    rows.push([now / 1000, __unisono.frame(), readCode()]);
    if (now / 1000 - rows[0][0] < wanted_s) requestAnimationFrame(look);
    else done(rows);
  };
  requestAnimationFrame(look);
})"""
STALL_S = 0.2
"""Beyond a stall of this length the player waits for the machine on purpose."""


@pytest.fixture
def viewer(ada: Person, house: House) -> Person:
    """Return an expert before the coded clip."""
    project = house.project(clip=house.coded, frames=(17,))
    house.add_role(project, ada.name)
    ada.visit(project).still()
    with ada.allowing("willReadFrequently"):  # it is the test that reads the canvas back
        ada.ask(READ_CODE)
    return ada


def shown(viewer: Person) -> tuple[int, int]:
    frame, code = viewer.ask("[__unisono.frame(), readCode()]")
    return frame, code


def test_every_frame_is_the_one_that_is_told(viewer: Person) -> None:
    assert shown(viewer) == (17, 17)
    viewer.press("Home")
    for wanted in range(CODED_FRAMES):
        until(lambda: shown(viewer), lambda got, wanted=wanted: got == (wanted, wanted), "frame and code")
        viewer.press("ArrowRight")
    until(lambda: shown(viewer), lambda got: got == (0, 0), "frame and code")
    for wanted in (39, 3, 22, 11, 30):
        viewer.page.get_by_test_id("scrub").fill(str(wanted))
        until(lambda: shown(viewer), lambda got, wanted=wanted: got == (wanted, wanted), "frame and code")


@pytest.mark.parametrize("speed", [1, 2])
def test_playing_keeps_step_with_the_clock_and_shows_what_it_tells(viewer: Person, speed: int) -> None:
    viewer.page.get_by_test_id("speed").select_option(str(speed))
    viewer.press("Home")
    until(lambda: shown(viewer), lambda got: got == (0, 0), "frame and code")
    viewer.ask("document.activeElement.blur()")
    viewer.press("Space")
    rows = viewer.page.evaluate(WATCH, 3.0)
    viewer.press("Space")
    assert all(frame == code for _, frame, code in rows)
    starts, lasts = coded_times_s(), frame_lasts_s()
    # The first change of frame fixes where the player's clock stands, to within that frame.
    first = next(k for k in range(1, len(rows)) if rows[k][1] != rows[k - 1][1])
    early = late = starts[rows[first][1]]
    late += lasts[rows[first][1]]
    for (before, _, _), (now, frame, _) in pairwise(rows[first:]):
        step = now - before
        early += 0.0 if step > STALL_S else step * speed
        late += step * speed
        assert is_between(frame, early, late), (frame, early, late)
    assert late > 1.0


def frame_lasts_s() -> list[float]:
    """Return how long each frame is on; the last one as long as they are on the average."""
    starts = coded_times_s()
    lasts = [b - a for a, b in pairwise(starts)]
    return [*lasts, starts[-1] / (len(starts) - 1)]


def is_between(frame: int, early_s: float, late_s: float) -> bool:
    """Say whether a looping player may show a frame between two times, give or take one frame."""
    starts, lasts = coded_times_s(), frame_lasts_s()
    total_s = starts[-1] + lasts[-1]
    spare_s = max(lasts)
    begins, ends = starts[frame] - spare_s, starts[frame] + lasts[frame] + spare_s
    rounds = range(int(early_s // total_s) - 1, int(late_s // total_s) + 2)
    return any(late_s >= begins + r * total_s and early_s <= ends + r * total_s for r in rounds)


def test_a_recording_without_times_says_so(house: House, ada: Person) -> None:
    project = house.project(clip=house.untimed, frames=(1,))
    house.add_role(project, ada.name)
    ada.visit(project)
    assert "timing unknown" in ada.page.get_by_test_id("frame-number").locator("..").inner_text()
