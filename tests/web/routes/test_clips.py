import cv2
import numpy as np
import pytest

from tests.make import Site
from unisono.base.packs import decode_pack
from unisono.catalog.stores import open_store


def test_a_pack_holds_every_frame_and_may_be_kept_for_ever(site: Site) -> None:
    client = site.client("Ada One")
    clip = client.get(f"/api/items/{site.item(client)}").json()["clip"]
    answer = client.get("/" + clip["pack_url"])
    assert len(decode_pack(answer.content)) == clip["n_frames"] == 4
    assert len(answer.content) == clip["pack_bytes"]
    assert "immutable" in answer.headers["cache-control"]


def test_a_pack_of_another_hash_is_not_there(site: Site) -> None:
    address = f"/api/clips/{site.clips[0].code}/pack/{'0' * 64}"
    assert site.client("Ada One").get(address).status_code == 404


def test_a_frame_is_the_lossless_master(site: Site) -> None:
    clip = site.clips[0]
    answer = site.client("Ada One").get(f"/api/clips/{clip.code}/frames/2.png")
    assert answer.content == site.catalog.files.read_frame(f"{clip.code}-0002")
    assert site.client("Ada One").get(f"/api/clips/{clip.code}/frames/4.png").status_code == 404


def test_a_thumbnail_is_a_small_picture_of_the_frame_asked_for(site: Site) -> None:
    clip = site.clips[0]
    client = site.client("Ada One")
    pictures = [
        cv2.imdecode(
            np.frombuffer(client.get(f"/api/clips/{clip.code}/thumbnail.jpg?frame={i}").content, np.uint8), 0
        )
        for i in (0, 3)
    ]
    assert max(pictures[0].shape) <= 320
    assert np.abs(pictures[0].astype(int) - pictures[1]).max() > 50


def test_pictures_come_from_an_object_store_alike(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client("Ada One")
    clip = site.clips[0]
    addresses = [f"/api/clips/{clip.code}/{what}" for what in ("frames/2.png", "thumbnail.jpg")]
    addresses.append(f"/api/clips/{clip.code}/pack/{clip.pack_sha256}")
    from_disk = [client.get(address) for address in addresses]
    store = open_store(f"memory://{site.catalog.settings.home}", site.catalog.settings.home)
    for names in site.catalog.files.store().listing():
        store.put([(site.catalog.files.root / name, name) for name in names])
    monkeypatch.setattr(site.catalog.files, "_approved", store)
    monkeypatch.setattr("unisono.catalog.stores.PIECE_BYTES", 1000)
    for address, before in zip(addresses, from_disk, strict=True):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content == before.content
        for name in ("content-length", "content-type", "cache-control"):
            assert answer.headers[name] == before.headers[name]
    for names in list(store.listing()):
        store.delete(names)
    assert [client.get(address).status_code for address in addresses] == [404] * 3
