"""The stack's template: Chalice's own of app.py, with resources.yaml merged into it, and what neither of them can say."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from infra.cloud import headers
from infra.cloud.project import CLOUD, ROOT, ZIP, CannotGoOn, Target

_DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
_LONGEST_S = {"minute": 60, "hour": 3600, "day": 3600}
_FAILED_ROUNDS = {"Fn::GetAtt": ["FailedRounds", "Arn"]}


def build(target: Target) -> dict[str, Any]:
    """The template, also written into the target's folder. Its code is `build/deployment.zip`."""
    template = chalice_package(target, target.folder / "chalice")
    resources = template["Resources"]
    # A deployment made once would never see a changed route; the stage deploys by itself instead
    del resources["WebsocketAPIDeployment"]
    del resources["WebsocketAPIStage"]["Properties"]["DeploymentId"]
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            _settle(resource["Properties"])
        if resource["Type"] in _DATA:
            _keep(resource, target)
    headers.add_to(template)
    target.template.write_text(json.dumps(template, indent=1, ensure_ascii=False), "utf-8")
    return template


def _settle(function: dict[str, Any]) -> None:
    """Our zip, a name that says what it is, and for a schedule what becomes of a run that fails.

    The next round does what this one didn't: it's tried once more until then, within an hour, then kept for us to see.
    """
    function["CodeUri"] = str(ZIP)
    name = function["Handler"].removeprefix("app.")
    function["FunctionName"] = {"Fn::Sub": f"${{AWS::StackName}}-{'api_handler' if name == 'app' else name}"}
    schedules = [event for event in function.get("Events", {}).values() if event["Type"] == "Schedule"]
    for schedule in schedules:
        limits = _limits(schedule["Properties"]["Schedule"])
        schedule["Properties"] |= {"RetryPolicy": limits, "DeadLetterConfig": {"Arn": _FAILED_ROUNDS}}
        failed = {"OnFailure": {"Type": "SQS", "Destination": _FAILED_ROUNDS}}
        function["EventInvokeConfig"] = {**limits, "DestinationConfig": failed}


def _limits(rate: str) -> dict[str, int]:
    """For `rate(5 minutes)` and the like."""
    count, unit = rate.removeprefix("rate(").removesuffix(")").split()
    age = min(int(count) * _LONGEST_S[unit.removesuffix("s")], 3600)
    return {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": age}


def _keep(resource: dict[str, Any], target: Target) -> None:
    """What a stage that keeps its data leaves behind when its stack goes, and doesn't lose by a slip before that."""
    policy = "RetainExceptOnCreate" if target.keeps_data else "Delete"
    resource["DeletionPolicy"] = policy
    resource["UpdateReplacePolicy"] = "Retain" if target.keeps_data else "Delete"
    if resource["Type"] == "AWS::DynamoDB::Table":
        resource["Properties"]["DeletionProtectionEnabled"] = target.keeps_data


def chalice_package(target: Target, folder: Path, requirements: Path | None = None) -> dict[str, Any]:
    """What `chalice package` makes of a clean copy of the code, in `folder`: `sam.yaml`, read, and `deployment.zip`.

    Without requirements its zip holds our code alone: it is not what we deploy. Raises CannotGoOn.
    """
    _copy_into(folder / "code", target, requirements)
    chalice, merged = str(Path(sys.executable).with_name("chalice")), str(CLOUD / "resources.yaml")
    done = subprocess.run(  # noqa: S603
        [chalice, "package", "--stage", target.stage, "--merge-template", merged, str(folder)],
        cwd=folder / "code",
        env={**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if "policy-" in done.stderr:
        raise CannotGoOn(
            "A function of app.py has no policy of its own: name it, with its `iam_policy_file`, in .chalice/config.json."
        )
    if done.returncode or "Could not install" in done.stderr + done.stdout:
        raise CannotGoOn(f"Chalice could not package app.py:\n{done.stdout}{done.stderr}")
    template: dict[str, Any] = yaml.safe_load((folder / "sam.yaml").read_text("utf-8"))
    return template


def _copy_into(code: Path, target: Target, requirements: Path | None) -> None:
    for part in ("app.py", "chalicelib"):
        _remove(code / part)
    code.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "app.py", code)
    shutil.copytree(ROOT / "chalicelib", code / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".chalice", code / ".chalice", dirs_exist_ok=True)
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    config["lambda_architecture"] = target.arch
    (code / ".chalice" / "config.json").write_text(json.dumps(config), "utf-8")
    (code / "requirements.txt").write_bytes(requirements.read_bytes() if requirements else b"")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
