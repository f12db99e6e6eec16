import json
import re
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unisono.annotate.run import lead, open_catalog, people, projects
from unisono.base.settings import Settings
from unisono.cli import sample_study
from unisono.cli.main import app
from unisono.cli.sample_choices import PROTOCOLS
from unisono.cli.sample_moments import MOMENTS
from unisono.cli.sample_spatial import IMAGES, STRIPS


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(
        app, ["demo", "--no-serve", "--home", str(home), *words], catch_exceptions=False
    )
    assert done.exit_code == 0
    return done.output


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the sample study, with two phantoms for speed."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_study, "EFS", sample_study.EFS[:2])
        run(folder)
        run(folder)  # the second time finds everything there
    return folder


def test_the_study_has_real_and_drawn_clips_and_says_which(home: Path) -> None:
    catalog = open_catalog(Settings(home=home))
    with catalog.read() as connection:
        found = sample_study.clips(catalog)
        made = {p.slug: p for p in projects.all_projects(connection)}
    catalog.close()
    assert sorted(c.simulated for c in found) == [False] * 4 + [True] * (2 + 3)
    assert {c.licence for c in found if not c.simulated} == {"MIT"}
    rankings = {slug for slug in projects.shipped_protocols() if slug.startswith("rank-")}
    assert len(rankings) == 17
    assert {slug: p.simulated for slug, p in made.items()} == {
        "lv-phantoms": True,
        "lv-real-loop": False,
        "views": True,
        **dict.fromkeys(rankings, True),
        **dict.fromkeys(PROTOCOLS, True),
        **dict.fromkeys(MOMENTS, True),
        **dict.fromkeys((*IMAGES, *STRIPS), True),
    }


def test_eleven_simulated_experts_have_answered_everything(home: Path) -> None:
    catalog = open_catalog(Settings(home=home))
    with catalog.read() as connection:
        progress = lead.progress(connection, "lv-phantoms")
    catalog.close()
    rows = {e.expert.name: e for e in progress.experts}
    assert rows.pop("Demo expert").n_done == 0
    assert len(rows) == 11
    assert all(row.expert.simulated and row.n_done == len(progress.items) for row in rows.values())
    assert progress.n_enough == len(progress.items) == 4


def test_it_prints_links_that_sign_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_study, "EFS", sample_study.EFS[:2])
    links = json.loads(run(home, "--json"))["links"]
    catalog = open_catalog(Settings(home=home))
    for name, link in links.items():
        token = re.fullmatch(r"http://127\.0\.0\.1:8000/#/link/(\S+)", link)
        assert token
        job = partial(people.sign_in_by_link, token=token[1], settings=catalog.settings)
        session = catalog.write(job)
        with catalog.read() as connection:
            person = people.who_is(connection, session, catalog.settings)
        assert person is not None
        assert person.name == name
    catalog.close()
