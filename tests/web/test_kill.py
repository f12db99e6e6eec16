"""kill -9 of the server at random moments of saving: nothing answered is lost, nothing is stored twice."""

import http.client
import json
import threading
import time
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np
import sqlalchemy as sa

from tests.make import Site, curve_label
from tests.server import serve
from unisono.annotate.run import open_catalog, people
from unisono.base.settings import Settings
from unisono.catalog import tables

ROUNDS = 20
CLIENTS = 4


def save_until_cut(port: int, cookie: str, bodies: list[tuple[str, bytes]], answered: dict[str, str]) -> None:
    """Save one body after the other until the server is gone; note what was answered."""
    headers = {"Cookie": cookie, "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for answer_id, body in bodies:
            try:
                connection.request("PUT", f"/api/answers/{answer_id}", body, headers)
                with connection.getresponse() as reply:
                    saved = json.loads(reply.read())
            except (http.client.HTTPException, OSError, ValueError):
                return
            assert reply.status == 200, saved
            answered[answer_id] = saved["label_sha256"]


def sign_in(home: Path, name: str) -> str:
    catalog = open_catalog(Settings(home=home))
    link = catalog.write(partial(people.invite, name=name))
    token = catalog.write(partial(people.sign_in_by_link, token=link, settings=catalog.settings))
    catalog.close()
    return f"unisono_session={token}"


def stored(home: Path) -> list[tuple[str, str]]:
    catalog = open_catalog(Settings(home=home))
    with catalog.read() as connection:
        rows = connection.execute(sa.select(tables.answer.c.id, tables.answer.c.label_sha256)).all()
    catalog.close()
    return [(str(row.id), str(row.label_sha256)) for row in rows]


def test_no_answered_save_is_lost_and_none_is_stored_twice(tmp_path: Path, rng: np.random.Generator) -> None:
    site = Site(tmp_path)
    item = site.item(site.client("Ada One"))
    site.close()
    cookie = sign_in(tmp_path, "Ada One")
    answered: dict[str, str] = {}
    resend: list[tuple[str, bytes]] = []
    for round_ in range(ROUNDS):
        server = serve(tmp_path)
        batches = []
        for client in range(CLIENTS):
            new = [
                (
                    str(uuid4()),
                    json.dumps(site.answer_body(item, "curve-lv-endo", curve_label(k % 100 / 7))).encode(),
                )
                for k in range(client, 4000, CLIENTS)
            ]
            # What the last cut left unanswered is sent again, as the page does: it may be in already.
            batches.append(resend[client::CLIENTS] + new)
        threads = [
            threading.Thread(target=save_until_cut, args=(server.port, cookie, batch, answered))
            for batch in batches
        ]
        for thread in threads:
            thread.start()
        time.sleep(float(rng.uniform(0.05, 0.6)))
        server.kill()
        for thread in threads:
            thread.join()
        # The one request of each client that was under way is the one whose fate is open.
        resend = [next(b for b in batch if b[0] not in answered) for batch in batches]
        rows = stored(tmp_path)
        assert max(Counter(i for i, _ in rows).values(), default=1) == 1, f"doubled in round {round_}"
        lost = answered.items() - set(rows)
        assert not lost, f"{len(lost)} answered saves are missing after round {round_}"
    assert len(answered) > ROUNDS * CLIENTS, "the rounds were cut before anything was saved"
