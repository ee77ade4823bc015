"""`make deploy STAGE=dev|prod`: this checkout, in the account that the environment's credentials open. Safe to repeat.

python -m infra.cloud.deploy dev|prod
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.cloud.account import Account, account
from infra.cloud.package import package
from infra.cloud.packages import Packages
from infra.cloud.project import ROOT, SITE, ZIP, CannotGoOn, Target, target
from infra.cloud.published import Site
from infra.cloud.signing_keys import KeptKeys
from infra.cloud.stack import Stack

PARAMETERS = {
    "EMBED_ON": "EmbedOn",
    "ALARM_EMAIL": "AlarmEmail",
    "MAIL_FROM": "MailFrom",
    "DOMAIN_NAME": "DomainName",
    "CERTIFICATE_ARN": "CertificateArn",
    "SOCKET_CERTIFICATE_ARN": "SocketCertificateArn",
    "CALL_PROVIDER": "CallProvider",
    "CONNECT_INSTANCE": "ConnectInstance",
    "CONNECT_FLOW": "ConnectFlow",
    "CONNECT_NUMBER": "ConnectNumber",
    "CALL_URL": "CallUrl",
    "CALL_SECRET": "CallSecret",
    "CONNECTIONS_BASE": "ConnectionsBase",
}
"""Environment variables that set the stack's parameters. One that isn't set leaves its parameter as it was."""


def deploy(wanted: Target, where: Account) -> dict[str, str]:
    """The stack's outputs. Raises CannotGoOn."""
    if not (SITE / "index.html").is_file():
        raise CannotGoOn("The site isn't built: `make site` does that, and `make deploy` does it first.")
    print(f"Packaging for {wanted.arch} …", flush=True)
    package(wanted)
    template = _uploaded(wanted, where)
    parameters = _parameters(os.environ) | {"SigningKeys": KeptKeys(where, wanted.stack).prepare()}
    if _needs_api_logging(where):
        parameters["ApiLoggingRole"] = "yes"
    outputs = Stack(where, wanted.stack).bring_up(template, parameters)
    site = Site(SITE, where, outputs["SiteBucketName"])
    print(f"Uploaded {site.upload()} files of the site.", flush=True)
    site.forget_at_edges(outputs["ConsoleDistribution"], outputs["WidgetDistribution"])
    return outputs


def _uploaded(wanted: Target, where: Account) -> str:
    """The address of the template, with its code beside it in the packages' bucket."""
    packages = Packages(where)
    packages.prepare()
    template: dict[str, Any] = json.loads(wanted.template.read_text("utf-8"))
    code = {"Bucket": packages.bucket, "Key": packages.put(wanted.stack, ZIP)}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code
    uploaded = wanted.folder / "uploaded.json"
    uploaded.write_text(json.dumps(template, separators=(",", ":")), "utf-8")
    return packages.address(packages.put(wanted.stack, uploaded))


def _parameters(environment: Mapping[str, str]) -> dict[str, str]:
    return {parameter: environment[name] for name, parameter in PARAMETERS.items() if name in environment}


def _needs_api_logging(where: Account) -> bool:
    """Whether nobody has let API Gateway write logs in this account and region yet: an API with a log is refused then."""
    return not where.client("apigateway").get_account().get("cloudwatchRoleArn")


def settle(wanted: Target, where: Account) -> list[str]:
    """The owner and a first desk, where there are none; what to tell the person who deploys, once."""
    done = subprocess.run(
        [sys.executable, "-m", "infra.cloud.first_desk"],
        cwd=ROOT,
        env={**os.environ, "DESKBELL_TABLES": f"{wanted.stack}-", "AWS_REGION": where.region},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotGoOn(f"The first desk could not be set up:\n{done.stderr}")
    return done.stdout.splitlines()


def tell(outputs: Mapping[str, str]) -> None:
    """Where everything is, and the line that puts the widget on a page."""
    print(f"\nConsole: {outputs['ConsoleUrl']}\nDemo page with the widget: {outputs['WidgetUrl']}/")
    loader = f'<script async src="{outputs["WidgetUrl"]}/widget/deskbell.js" data-source="demo"></script>'
    print(f"For your own pages (name them: EMBED_ON=https://www.example.com make deploy …):\n  {loader}")
    if "SocketAlias" in outputs:
        print("Point these names of your domain to (CNAME):")
        for name in ("Console", "Widget", "Files", "Socket"):
            print(f"  {name.lower():8} → {outputs[f'{name}Alias']}")


def main(arguments: list[str]) -> int:
    try:
        wanted, where = target(arguments[0] if arguments else ""), account()
        print(f"Deploying {wanted.stack} into account {where.number}, {where.region}", flush=True)
        outputs = deploy(wanted, where)
        for line in settle(wanted, where):
            print(line)
        tell(outputs)
    except CannotGoOn as trouble:
        print(f"deskbell: {trouble}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as trouble:
        print(
            f"deskbell: AWS refused: {trouble}\nNothing is lost; `make deploy` goes on from here.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
