"""CloudFormation's stack of a stage: made, changed, removed, each step told as it comes."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.cloud.account import Account
from infra.cloud.project import CannotGoOn

_LOOK_EVERY_S = 2.0
_FAILED_AT_BIRTH = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"}
"""What CloudFormation neither changes nor makes anew: it has to go first."""


@dataclass(frozen=True)
class Stack:
    account: Account
    name: str
    look_every_s: float = _LOOK_EVERY_S

    def bring_up(self, template_url: str, parameters: Mapping[str, str]) -> dict[str, str]:
        """Creates or updates it. What isn't in `parameters` stays as it was. The outputs; raises CannotGoOn."""
        described = self._described()
        if described and described["StackStatus"] in _FAILED_AT_BIRTH:
            print(f"Removing {self.name}, which an earlier attempt left half made …", flush=True)
            self.take_down()
            described = None
        asked = {
            "StackName": self.name,
            "TemplateURL": template_url,
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        }
        cloudformation = self.account.client("cloudformation")
        if described is None:
            print(f"Creating the stack {self.name} in {self.account.region} …", flush=True)
            given = _given(parameters, ())
            answer = cloudformation.create_stack(**asked, Parameters=given)
        else:
            print(f"Updating the stack {self.name} in {self.account.region} …", flush=True)
            before = [parameter["ParameterKey"] for parameter in described.get("Parameters", [])]
            try:
                answer = cloudformation.update_stack(**asked, Parameters=_given(parameters, before))
            except ClientError as error:
                if "No updates are to be performed" not in str(error):
                    raise
                print("The stack is as it should be.", flush=True)
                return self.outputs()
        self._follow(answer["StackId"], {"CREATE_COMPLETE", "UPDATE_COMPLETE"})
        return self.outputs()

    def take_down(self) -> None:
        """Deletes it and waits. Raises CannotGoOn when something of it would not go."""
        stack_id = self._described()
        if stack_id is None:
            return
        self.account.client("cloudformation").delete_stack(StackName=self.name)
        self._follow(stack_id["StackId"], {"DELETE_COMPLETE"})

    def outputs(self) -> dict[str, str]:
        """By name. Raises CannotGoOn where there is no such stack."""
        described = self._described()
        if described is None:
            place = f"account {self.account.number}, {self.account.region}"
            raise CannotGoOn(f"There is no stack {self.name} in {place}.")
        return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}

    def resources(self, kind: str) -> list[str]:
        """The physical names of its resources of a kind, as of CloudFormation."""
        pages = self.account.client("cloudformation").get_paginator("list_stack_resources")
        return [
            resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=self.name)
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == kind and resource.get("PhysicalResourceId")
        ]

    def _described(self) -> dict[str, Any] | None:
        try:
            found = self.account.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return None
        stack: dict[str, Any] = found[0]
        return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack

    def _follow(self, stack_id: str, wanted: set[str]) -> None:
        """Tells each event once, until the stack stands still. By id, by which a deleted one can still be asked for."""
        began = time.monotonic()
        told: set[str] = {event["EventId"] for event in self._events(stack_id) if _older(event)}
        failed: list[str] = []
        cloudformation = self.account.client("cloudformation")
        while True:
            status = cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
            for event in self._events(stack_id):
                if event["EventId"] not in told:
                    told.add(event["EventId"])
                    print(f"  {time.monotonic() - began:5.0f} s  {_line(event)}", flush=True)
                    if "FAILED" in event["ResourceStatus"]:
                        failed.append(f"{_line(event)}: {event.get('ResourceStatusReason', '')}")
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(self.look_every_s)
        if status not in wanted:
            raise CannotGoOn("\n".join([f"{self.name} is {status}.", *failed[:5]]))

    def _events(self, stack_id: str) -> Sequence[dict[str, Any]]:
        """Oldest first, of the operation under way and somewhat before."""
        events = self.account.client("cloudformation").describe_stack_events(StackName=stack_id)[
            "StackEvents"
        ]
        return list(reversed(events))


def _older(event: dict[str, Any]) -> bool:
    return bool(time.time() - event["Timestamp"].timestamp() > 60)  # noqa: PLR2004  # what came before this operation


def _line(event: dict[str, Any]) -> str:
    return f"{event['ResourceStatus']:<28} {event['ResourceType']:<42} {event['LogicalResourceId']}"


def _given(parameters: Mapping[str, str], before: Sequence[str]) -> list[dict[str, Any]]:
    new = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    return new + [
        {"ParameterKey": name, "UsePreviousValue": True} for name in before if name not in parameters
    ]
