"""The site's files with their headers."""

import gzip

import pytest


def test_a_folder_means_its_index(desk):
    with desk.http() as http:
        assert "demo shop" in http.get("/").text
        assert "console" in http.get("/console/").text
        moved = http.get("/console")

    assert (moved.status_code, moved.headers["location"]) == (308, "/console/")


def test_of_the_rules_that_match_the_first_that_names_a_header_gives_it(desk):
    with desk.http() as http:
        page, script = http.get("/"), http.get("/assets/app-ABCD1234.js")

    assert page.headers["cache-control"] == "no-cache"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.headers["content-security-policy"] == (
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    )
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


def test_the_sites_of_a_source_may_frame_its_panel_as_of_the_request(desk):
    with desk.http() as http:
        before = http.get("/?source=shop")
        desk.origins["shop"] = ["https://shop.example", "https://shop.example:8443"]
        after, other = http.get("/?source=shop"), http.get("/?source=no-such&source=shop")

    own = "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    assert before.headers["content-security-policy"] == own
    assert after.headers["content-security-policy"] == f"{own} https://shop.example https://shop.example:8443"
    assert other.headers["content-security-policy"] == own


def test_an_unchanged_file_is_not_sent_again(desk):
    with desk.http() as http:
        etag = http.get("/").headers["etag"]
        again = http.get("/", headers={"if-none-match": f'"other", W/{etag}'})
        (desk.site / "index.html").write_text("<p>demo shop, painted</p>")
        painted = http.get("/", headers={"if-none-match": etag})

    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "no-cache")
    assert "painted" in painted.text


def test_text_goes_compressed_to_those_who_take_it(desk):
    with (
        desk.http() as http,
        http.stream("GET", "/assets/app-ABCD1234.js", headers={"accept-encoding": "gzip"}) as zipped,
    ):
        body = b"".join(zipped.iter_raw())
        plain = http.get("/assets/app-ABCD1234.js", headers={"accept-encoding": "gzip;q=0"})

    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert gzip.decompress(body) == plain.content
    assert "content-encoding" not in plain.headers


def test_head_tells_the_length_without_the_body(desk):
    with desk.http() as http:
        answer = http.head("/console/")

    assert (answer.status_code, answer.content, int(answer.headers["content-length"]) > 0) == (200, b"", True)


@pytest.mark.parametrize(
    "path", ["/../headers.json", "/%2e%2e/headers.json", "/..%2fheaders.json", "/.hidden", "/no", "/%00"]
)
def test_what_is_not_in_the_site_is_not_there(desk, path):
    (desk.site / ".hidden").write_text("secret")
    with desk.http() as http:
        assert http.get(path).status_code == 404


def test_that_something_is_missing_is_not_remembered(desk):
    """A build that is just being replaced must not leave a browser with a hole for a year."""
    with desk.http() as http:
        missing = http.get("/assets/gone-ABCD1234.js")

    assert (missing.status_code, missing.headers.get_list("cache-control")) == (404, ["no-store"])
    assert "frame-ancestors" in missing.headers["content-security-policy"]


def test_the_console_is_at_one_name_alone_which_the_panel_has_not(desk):
    """So that its storage is out of the panel's reach, whichever name somebody types."""
    with desk.http() as http:
        other = {"host": f"localhost:{desk.port}"}
        moved = http.get("/console/?lang=zh-CN", headers=other)
        shop = http.get("/", headers=other)
        at_home = http.get("/console/")

    assert (moved.status_code, moved.headers["location"]) == (307, f"{desk.url}/console/?lang=zh-CN")
    assert (shop.status_code, at_home.status_code) == (200, 200)


def test_a_link_out_of_the_folder_leads_nowhere(desk):
    (desk.site / "out.json").symlink_to(desk.site.parent / "headers.json")
    with desk.http() as http:
        assert http.get("/out.json").status_code == 404


def test_files_are_only_read(desk):
    with desk.http() as http:
        assert http.post("/index.html").status_code == 405
