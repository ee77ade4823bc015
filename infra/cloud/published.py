"""The built site in its bucket, each file with its kind and how long it may be kept, and the edges told to forget."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.cloud import headers
from infra.cloud.account import Account
from infra.cloud.project import CannotGoOn

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
_NOT_SERVED = {"manifest.json"}
"""The build's own list of its files."""
_OLD_FILES_STAY = timedelta(days=7)
"""A page that was open before goes on asking for the parts it was built with."""


@dataclass(frozen=True)
class Site:
    """The files of a build, and where they go."""

    folder: Path
    account: Account
    bucket: str

    def upload(self) -> int:
        """How many files there are now. Parts before the pages that name them: no page ever lacks one."""
        s3 = self.account.client("s3")
        files = self.files()
        for path in sorted(files, key=lambda path: (not _is_a_part(path), path)):
            s3.put_object(
                Bucket=self.bucket,
                Key=path.removeprefix("/"),
                Body=files[path].read_bytes(),
                ContentType=kind_of(path),
                CacheControl=headers.cache_control(path),
            )
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            for found in page.get("Contents", []):
                old = datetime.now(UTC) - found["LastModified"] > _OLD_FILES_STAY
                if old and f"/{found['Key']}" not in files:
                    s3.delete_object(Bucket=self.bucket, Key=found["Key"])
        return len(files)

    def files(self) -> dict[str, Path]:
        """By the path they are served at."""
        return {
            f"/{file.relative_to(self.folder).as_posix()}": file
            for file in self.folder.rglob("*")
            if file.is_file() and file.name not in _NOT_SERVED and not file.name.startswith(".")
        }

    def forget_at_edges(self, *distributions: str) -> None:
        """What is named by its content never changes; all else is asked for anew."""
        for distribution in distributions:
            self.account.client("cloudfront").create_invalidation(
                DistributionId=distribution,
                InvalidationBatch={
                    "Paths": {"Quantity": 1, "Items": ["/*"]},
                    "CallerReference": str(time.time_ns()),
                },
            )


def kind_of(path: str) -> str:
    """Raises CannotGoOn for a kind of file nobody has thought of: a wrong one would be refused by browsers."""
    kind = KINDS.get(Path(path).suffix)
    if kind is None:
        raise CannotGoOn(f"The site has a file {path} of a kind that infra/cloud/published.py doesn't know.")
    return kind


def _is_a_part(path: str) -> bool:
    return "immutable" in headers.cache_control(path)
