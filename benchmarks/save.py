"""What it costs to save an answer over HTTP, with durable commits.

Prints p50, p99, saves a second and server CPU a save for 1 and 8 clients, beside the physical floor measured
in the same run: one commit a save to SQLite with the same settings, without any server.

Run: ``python -m benchmarks.save [--saves 2000]``
"""

import argparse
import http.client
import json
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # the makers and the server runner of the tests

from tests.make import Site, curve_label
from tests.server import Running, serve
from unisono.annotate.run import open_catalog, people
from unisono.base.settings import Settings
from unisono.catalog.db import PRAGMAS


def client(port: int, cookie: str, bodies: list[bytes]) -> list[float]:
    """Save one body after the other; return the seconds each took."""
    headers = {"Cookie": cookie, "Content-Type": "application/json"}
    took = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        for body in bodies:
            start = time.perf_counter()
            connection.request("PUT", f"/api/answers/{uuid4()}", body, headers)
            reply = connection.getresponse()
            reply.read()
            if reply.status != http.HTTPStatus.OK:
                raise RuntimeError(f"the server answered {reply.status}")
            took.append(time.perf_counter() - start)
    return took


def sign_in(home: Path, name: str) -> str:
    """Return a session cookie."""
    catalog = open_catalog(Settings(home=home))
    link = catalog.write(partial(people.invite, name=name))
    token = catalog.write(partial(people.sign_in_by_link, token=link, settings=catalog.settings))
    catalog.close()
    return f"unisono_session={token}"


def measure(server: Running, cookie: str, bodies: list[bytes], clients: int) -> dict[str, float]:
    """Save all bodies with so many clients at once."""
    shares = [bodies[k::clients] for k in range(clients)]
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        pool.starmap(client, [(server.port, cookie, bodies[:20])])  # warm
        cpu, start = server.cpu_s(), time.perf_counter()
        rows = pool.starmap(client, [(server.port, cookie, share) for share in shares])
        wall = time.perf_counter() - start
        cpu = server.cpu_s() - cpu
    took_ms = np.concatenate(rows) * 1e3
    return {
        "p50_ms": float(np.percentile(took_ms, 50)),
        "p99_ms": float(np.percentile(took_ms, 99)),
        "saves_per_s": len(bodies) / wall,
        "cpu_ms_per_save": cpu * 1e3 / len(bodies),
    }


def floor(folder: Path, bodies: list[bytes]) -> dict[str, float]:
    """One durable SQLite commit a save, nothing else."""
    took = []
    with closing(sqlite3.connect(folder / "floor.sqlite", isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
        connection.execute("create table t (id text primary key, body blob)")
        cpu, begin = time.process_time(), time.perf_counter()
        for body in bodies:
            start = time.perf_counter()
            connection.execute("insert into t values (?, ?)", (str(uuid4()), body))
            took.append((time.perf_counter() - start) * 1e3)
        wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return {
        "p50_ms": float(np.percentile(took, 50)),
        "p99_ms": float(np.percentile(took, 99)),
        "saves_per_s": len(bodies) / wall,
        "cpu_ms_per_save": cpu * 1e3 / len(bodies),
    }


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=2000)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        site = Site(home)
        item = site.item(site.client("Ada One"))
        site.close()
        bodies = [
            json.dumps(site.answer_body(item, "curve-lv-endo", curve_label(k % 100 / 7))).encode()
            for k in range(saves)
        ]
        cookie = sign_in(home, "Ada One")
        server = serve(home)
        try:
            rows = {
                "SQLite alone, a commit a save (floor)": floor(home, bodies),
                "unisono over HTTP, 1 client": measure(server, cookie, bodies, 1),
                "unisono over HTTP, 8 clients": measure(server, cookie, bodies, 8),
            }
        finally:
            server.stop()
    print(f"{saves} saves of a five-node curve, synchronous=FULL")
    print(f"{'':40}{'p50 ms':>9}{'p99 ms':>9}{'saves/s':>9}{'CPU ms/save':>13}")
    for title, row in rows.items():
        figures = (row["p50_ms"], row["p99_ms"], row["saves_per_s"], row["cpu_ms_per_save"])
        print(f"{title:40}{figures[0]:9.2f}{figures[1]:9.2f}{figures[2]:9.0f}{figures[3]:13.2f}")
    base = rows["SQLite alone, a commit a save (floor)"]["saves_per_s"]
    print(f"8 clients over the floor: {rows['unisono over HTTP, 8 clients']['saves_per_s'] / base:.2f}")


if __name__ == "__main__":
    main()
