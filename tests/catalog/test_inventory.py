from tests.make import Site
from unisono.catalog import inventory
from unisono.catalog.clips import frames_of, set_state


def test_pages_follow_each_other_and_hold_every_clip_once(site: Site) -> None:
    codes, after = [], ""
    with site.catalog.read() as connection:
        while page := inventory.next_page(connection, after, limit=1):
            codes += [stock.code for stock in page]
            after = page[-1].code
    assert codes == sorted(clip.code for clip in site.clips)
    assert len(codes) > 1


def test_states_can_be_left_out(site: Site) -> None:
    code = site.clips[0].code
    site.catalog.write(lambda connection: set_state(connection, code, "rejected"))
    with site.catalog.read() as connection:
        page = inventory.next_page(connection, "", without=("rejected",))
        assert code not in {stock.code for stock in page}
        assert len(page) == len(site.clips) - 1
        assert inventory.stock_of(connection, [code, "01-none"])[code].state == "rejected"


def test_hashes_come_in_the_order_of_frames(site: Site) -> None:
    codes = [clip.code for clip in site.clips]
    with site.catalog.read() as connection:
        hashes = inventory.frame_hashes(connection, codes)
        for code in codes:
            assert hashes[code] == [frame.png_sha256 for frame in frames_of(connection, code)]
