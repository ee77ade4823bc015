"""What S3's adapter signs, without asking S3: addresses as AWS documents them, and how long they live."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.config import Config

from chalicelib.cloud import S3Files, s3_files

FIVE = timedelta(minutes=5)


def adapter(region: str = "eu-central-1", origin: str = "") -> S3Files:
    session = botocore.session.get_session()
    session.set_credentials("AKIDEXAMPLE", "a secret that opens nothing")
    return s3_files(session, Config(), region, bucket="deskbell-files", origin=origin, stand_in=None)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "deskbell-files.s3.us-east-1.amazonaws.com"),
        ("eu-central-1", "deskbell-files.s3.eu-central-1.amazonaws.com"),
        ("cn-north-1", "deskbell-files.s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_forms_and_links_name_the_bucket_by_its_own_host_in_its_region(region: str, host: str) -> None:
    """A redirect to the region would lose the form's body, and isn't allowed across origins."""
    form = adapter(region).form("quarantine/k", largest=5, lasts=FIVE)
    link = adapter(region).link("files/k", name="x", inline=True, lasts=FIVE)

    assert form.url == f"https://{host}/"
    assert (urlsplit(link).scheme, urlsplit(link).netloc, urlsplit(link).path) == ("https", host, "/files/k")


def test_a_link_lives_as_long_as_was_asked_and_is_kept_by_nobody_else() -> None:
    signed = parse_qs(urlsplit(adapter().link("files/k", name="x", inline=True, lasts=FIVE)).query)

    assert signed["X-Amz-Expires"] == ["300"]
    assert signed["X-Amz-SignedHeaders"] == ["host"]
    assert signed["response-cache-control"] == ["private, max-age=300"]


def test_links_begin_with_the_origin_of_the_files_and_are_signed_for_the_bucket_behind_it() -> None:
    """CloudFront asks the bucket by its own name, and hands the query on; its own name is in no signature."""
    at_s3 = urlsplit(adapter().link("files/k", name="x", inline=True, lasts=FIVE))
    in_front = adapter(origin="https://files.shop.example").link("files/k", name="x", inline=True, lasts=FIVE)

    assert in_front.startswith("https://files.shop.example/files/k?")
    unsigned = {"X-Amz-Date", "X-Amz-Signature"}
    assert {k: v for k, v in parse_qs(urlsplit(in_front).query).items() if k not in unsigned} == {
        k: v for k, v in parse_qs(at_s3.query).items() if k not in unsigned
    }


def test_no_client_is_made_before_it_is_needed() -> None:
    """Most functions never need it, and it is the dearest of all to make."""

    def fails() -> None:
        raise AssertionError

    S3Files(fails, "bucket", "")
