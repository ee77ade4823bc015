"""The keys that access tokens are signed with: a SecureString that no template, log or environment variable shows."""

import secrets
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.cloud.account import Account


@dataclass(frozen=True)
class KeptKeys:
    """`k1=<hex>`; to rotate, put a new key before the old one, separated by a comma, and deploy: both are believed."""

    account: Account
    stack: str

    @property
    def name(self) -> str:
        return f"/{self.stack}/signing-keys"

    def prepare(self) -> str:
        """Makes a key where there is none. The parameter's name with its newest version, for the functions."""
        parameters = self.account.client("ssm")
        try:
            version = parameters.get_parameter(Name=self.name)["Parameter"]["Version"]
        except parameters.exceptions.ParameterNotFound:
            version = parameters.put_parameter(
                Name=self.name,
                Type="SecureString",
                Description="Deskbell: keys of access tokens, the current one first",
                Value=f"k1={secrets.token_hex(32)}",
            )["Version"]
        return f"{self.name}:{version}"

    def forget(self) -> None:
        try:
            self.account.client("ssm").delete_parameter(Name=self.name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterNotFound":
                raise
