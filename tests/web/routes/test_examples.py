from tests.make import Site


def test_an_example_is_a_picture_for_whoever_is_signed_in(site: Site) -> None:
    answer = site.client("Ada One").get("/api/examples/quality-good.webp")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"
    assert site.client().get("/api/examples/quality-good.webp").status_code == 401


def test_nothing_else_of_the_package_is_served(site: Site) -> None:
    ada = site.client("Ada One")
    for name in ("lost.png", "..%2fview.yaml", "view.yaml"):
        assert ada.get(f"/api/examples/{name}").status_code == 404
