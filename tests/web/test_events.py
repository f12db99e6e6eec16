import asyncio

from tests.make import run_apart
from unisono.web.events import WAITING, Bus, stream


async def heard(queue: asyncio.Queue[str | None]) -> list[str]:
    return [project async for project in stream(queue)]


def test_a_listener_hears_of_its_own_projects_only() -> None:
    async def scene() -> tuple[list[str], list[str]]:
        bus = Bus()
        with bus.listen(["a"]) as one, bus.listen([]) as none:
            for project in ("a", "b", "a"):
                bus.moved(project)
            bus.close()
            return await heard(one), await heard(none)

    assert run_apart(scene()) == (["a", "a"], [])


def test_one_who_lags_too_far_behind_is_let_go_and_asks_anew() -> None:
    async def scene() -> tuple[int, int]:
        bus = Bus()
        with bus.listen(["a"]) as queue:
            for _ in range(WAITING + 5):
                bus.moved("a")
            return len(await heard(queue)), len(bus.listeners)

    assert run_apart(scene()) == (WAITING - 1, 0)


def test_who_leaves_is_forgotten() -> None:
    async def scene() -> int:
        bus = Bus()
        with bus.listen(["a"]):
            pass
        bus.moved("a")
        return len(bus.listeners)

    assert run_apart(scene()) == 0
