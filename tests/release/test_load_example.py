"""The lines of plain Python in the docs load a release."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.release.make import write_release

PAGE = Path(__file__).parents[2] / "docs" / "rooms" / "release.md"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_lines_in_the_docs_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    write_release(tmp_path / "lv-1.0.0")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(lines, names)  # noqa: S102  # our own page
    image, x = names["image"], names["x"]
    assert isinstance(image, np.ndarray)
    assert image.shape == (60, 80, 3)
    assert isinstance(x, np.ndarray)
    assert 0 < x.min() < x.max() < 80
