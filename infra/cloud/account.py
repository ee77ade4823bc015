"""The AWS account that the environment's credentials open, and the region, checked before anything is done there."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

from infra.cloud.project import CannotGoOn

_REFUSED = {
    "ExpiredToken": "they have expired",
    "ExpiredTokenException": "they have expired",
    "InvalidClientTokenId": "it knows no such key",
    "SignatureDoesNotMatch": "the secret does not belong to the key",
}


@dataclass(frozen=True)
class Account:
    number: str
    region: str

    @cache  # noqa: B019  # one account a process
    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=self.region)


def account() -> Account:
    """Raises CannotGoOn with what to set, where that is not enough to begin with."""
    session = boto3.Session()
    region = os.environ.get("AWS_REGION") or session.region_name
    if not region:
        raise CannotGoOn("No region is set: give one, as in `AWS_REGION=eu-central-1 make deploy STAGE=dev`.")
    try:
        found = session.client("sts", region_name=region).get_caller_identity()
    except NoCredentialsError as error:
        raise CannotGoOn(
            "No AWS credentials were found: sign in with `aws configure sso`, or set AWS_PROFILE, or "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from error
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise CannotGoOn(
            f"AWS doesn't accept these credentials: {_REFUSED.get(code, code)}. Sign in again."
        ) from error
    except EndpointConnectionError as error:
        raise CannotGoOn(
            f"AWS can't be reached in {region}: is the region's name right, and the network there?"
        ) from error
    except BotoCoreError as error:
        raise CannotGoOn(f"The credentials can't be used: {error}") from error
    return Account(found["Account"], region)
