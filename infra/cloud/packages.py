"""The private bucket that packages and templates wait in for CloudFormation: one an account and region."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from infra.cloud.account import Account
from infra.cloud.project import NAME


@dataclass(frozen=True)
class Packages:
    account: Account

    @property
    def bucket(self) -> str:
        return f"{NAME}-packages-{self.account.number}-{self.account.region}"

    def prepare(self) -> None:
        """Makes the bucket where there is none."""
        s3 = self.account.client("s3")
        try:
            s3.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # noqa: PLR2004  # not found
                raise
            place = {"LocationConstraint": self.account.region}
            first = self.account.region == "us-east-1"  # which S3 takes for granted, and refuses to be told
            s3.create_bucket(Bucket=self.bucket, **({} if first else {"CreateBucketConfiguration": place}))
        s3.put_public_access_block(
            Bucket=self.bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        )

    def put(self, stack: str, file: Path) -> str:
        """The key it is kept under, named by its content: the same file twice is one, a changed one is another."""
        content = file.read_bytes()
        key = f"{stack}/{hashlib.sha256(content).hexdigest()[:32]}{file.suffix}"
        self.account.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def address(self, key: str) -> str:
        """As CloudFormation wants a template's."""
        return f"{self.account.client('s3').meta.endpoint_url}/{self.bucket}/{key}"

    def forget(self, stack: str) -> None:
        """Removes what was kept for a stack, and the bucket when it is empty then."""
        if not exists(self.account, self.bucket):
            return
        empty(self.account, self.bucket, f"{stack}/")
        s3 = self.account.client("s3")
        if not s3.list_objects_v2(Bucket=self.bucket, MaxKeys=1).get("KeyCount"):
            s3.delete_bucket(Bucket=self.bucket)


def exists(account: Account, bucket: str) -> bool:
    try:
        account.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def empty(account: Account, bucket: str, prefix: str = "") -> None:
    """Deletes every object, a thousand a request."""
    s3 = account.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        if page.get("Contents"):
            keys = [{"Key": found["Key"]} for found in page["Contents"]]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
