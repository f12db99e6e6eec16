import asyncio

import pytest

from tests.make import Site, run_apart
from unisono.agree import run as agree
from unisono.base.errors import NotFoundError
from unisono.web.background import Background


def test_whoever_asks_meanwhile_waits_for_the_same_run(site: Site) -> None:
    ada = site.client("Ada One")
    site.finish(ada, site.item(ada))

    async def scene() -> int:
        background = Background(site.catalog)
        await asyncio.gather(background.agree("lv"), background.agree("lv"))
        background.close()
        return len(background.running)

    assert run_apart(scene()) == 0
    with site.catalog.read() as connection:
        assert connection.exec_driver_sql("select count(*) from result").scalar() == 1
        assert agree.agreed(connection, "lv")[0] is not None


def test_what_is_wrong_reaches_who_asked(site: Site) -> None:
    async def scene() -> None:
        background = Background(site.catalog)
        try:
            await background.agree("lv")
        finally:
            background.close()

    with pytest.raises(NotFoundError, match="no finished answers"):
        run_apart(scene())
