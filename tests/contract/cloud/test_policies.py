"""Each function may do what it does, and nothing else.

What it does is what the unit suite has it do: the suite runs once more, with every call of a function noted (recorder.py).
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from chalicelib.kit.table import named
from infra.cloud.botocore_data import USED
from infra.cloud.project import ROOT

FUNCTION, ROLE = "AWS::Serverless::Function", "AWS::IAM::Role"
BESIDES_THE_STORE = {
    "connect:StartOutboundVoiceContact",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:SendMessage",
    "ssm:GetParameter",
}
"""What no suite on one machine can ask for: a function's log, the queue of failed rounds, the signing keys, a call out."""
NO_STORE = (
    "local",
    "test_documents.py",
    "test_frames.py",
    "test_kit.py",
    "test_protocol.py",
    "test_types.py",
)
"""Parts of the suite in which no function asks for what others don't, and which take long."""
LONG = "not three_thousand_frames"
SELDOM = {"message": {"DELETE"}}
"""What only the test left out for its length comes upon: five malformed frames close a socket."""
Grant = tuple[str, str]


@pytest.fixture(scope="session")
def policies(templates) -> dict[str, list[dict[str, Any]]]:
    """By the function's name in app.py, its role's statements."""
    resources = templates["dev"]["Resources"]
    found = {}
    for resource in resources.values():
        if resource["Type"] == FUNCTION:
            handler = resource["Properties"]["Handler"].removeprefix("app.")
            role = resources[resource["Properties"]["Role"]["Fn::GetAtt"][0]]
            (policy,) = role["Properties"]["Policies"]
            found["api_handler" if handler == "app" else handler] = policy["PolicyDocument"]["Statement"]
    return found


@pytest.fixture(scope="session")
def asked(tmp_path_factory) -> dict[str, set[Grant]]:
    """By function: actions, each with the resource it was asked of, as the suite's calls came."""
    notes = tmp_path_factory.mktemp("asked") / "asked.json"
    command = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.contract.cloud.recorder",
        "-p",
        "no:cacheprovider",
        "tests/unit",
    ]
    subprocess.run(  # noqa: S603
        [sys.executable, *command, *(f"--ignore=tests/unit/{name}" for name in NO_STORE), "-k", LONG],
        cwd=ROOT,
        env={**os.environ, "DESKBELL_ASKED": str(notes)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    found: dict[str, set[Grant]] = {}
    for function, action, resource in json.loads(notes.read_text()):
        found.setdefault(function, set()).add((action, _logical(resource)))
    return found


def _logical(resource: str) -> str:
    """As the template names it: a table by its resource."""
    if not resource.startswith(named("")):
        return resource
    table, _, index = resource.removeprefix(named("")).partition("/")
    return f"{table.title()}Table" + (f"/{index}" if index else "")


def grants(statements: Iterable[dict[str, Any]]) -> Iterator[Grant]:
    for statement in statements:
        assert statement["Effect"] == "Allow"
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield action, _granted(resource)


def _granted(resource: dict[str, Any]) -> str:
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    text = resource["Fn::Sub"]
    if ":identity/" in text:
        return "MailFrom"
    method = re.search(r"/api/(\w+)/@connections/\*$", text)
    return method[1] if method else text.removeprefix("${").replace(".Arn}", "")


def test_every_function_has_a_role_of_its_own(templates, policies) -> None:
    resources = templates["dev"]["Resources"].values()
    roles = [r["Properties"]["Role"]["Fn::GetAtt"][0] for r in resources if r["Type"] == FUNCTION]
    assert len(roles) == len(set(roles)) == len(policies)


def test_no_policy_says_everything(templates) -> None:
    for name, role in templates["dev"]["Resources"].items():
        for policy in role["Properties"].get("Policies", []) if role["Type"] == ROLE else []:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert all("*" not in action for action in statement["Action"]), name
                assert all(isinstance(r, dict) for r in statement["Resource"]), (
                    f"{name}: a resource of no stack"
                )
                wild = [r["Fn::Sub"] for r in statement["Resource"] if "*" in r.get("Fn::Sub", "")]
                # A log's streams, a parameter's versions, open sockets, files and an instance's calls have no names beforehand; whether
                # SES knows the address or its domain is the account's own affair, and the condition names the address
                nameless = r"(log-group:[^*]+:|signing-keys:|@connections/|/contact/|^\$\{FilesBucket\.Arn\}/|:identity/)\*$"
                assert all(re.search(nameless, w) for w in wild), name


def test_every_function_may_write_its_own_log_and_no_other(policies) -> None:
    for function, statements in policies.items():
        (log,) = (s for s in statements if "logs:PutLogEvents" in s["Action"])
        (resource,) = log["Resource"]
        assert resource["Fn::Sub"].endswith(f":log-group:/aws/lambda/${{AWS::StackName}}-{function}:*")


def test_what_a_function_asks_for_it_is_allowed(policies, asked) -> None:
    assert asked.keys() == policies.keys(), "nothing was noted of some"
    lacking = {function: sorted(needs - set(grants(policies[function]))) for function, needs in asked.items()}
    assert {function: lacks for function, lacks in lacking.items() if lacks} == {}


def test_what_a_function_never_touches_it_may_not_touch(policies, asked) -> None:
    """By table, index and method: which of its actions a function needs may hang on a race that no suite comes upon."""
    asked = {**asked, "api_handler": asked["api_handler"] | asked["message"]}
    idle = {
        function: {resource for action, resource in grants(statements) if action not in BESIDES_THE_STORE}
        - {resource for _, resource in asked.get(function, ())}
        - SELDOM.get(function, set())
        for function, statements in policies.items()
    }
    assert {function: resources for function, resources in idle.items() if resources} == {}


def test_what_may_be_done_by_socket_may_be_done_by_rest(policies) -> None:
    """The same acts have both doors; the suite goes through one of them at a time."""
    by_socket = {grant for grant in grants(policies["message"]) if grant[0] not in BESIDES_THE_STORE}
    assert by_socket - set(grants(policies["api_handler"])) == set()


def test_who_tells_finds_the_sockets_and_forgets_those_that_are_gone(policies) -> None:
    for statements in policies.values():
        granted = set(grants(statements))
        if ("execute-api:ManageConnections", "POST") in granted:
            assert {
                ("dynamodb:Query", "ConnectionsTable"),
                ("dynamodb:DeleteItem", "ConnectionsTable"),
            } <= granted


def test_what_functions_may_ask_of_the_store_is_described_to_their_client(policies) -> None:
    asked_within_a_transaction = {"ConditionCheckItem"}
    for statements in policies.values():
        for action, _ in grants(statements):
            service, _, operation = action.partition(":")
            if service == "dynamodb":
                assert operation in USED[service] | asked_within_a_transaction
