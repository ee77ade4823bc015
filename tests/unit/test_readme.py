"""README says what the code does."""

import json
import re
from dataclasses import fields
from pathlib import Path

from chalicelib.kit.config import Settings
from infra.local.settings import LocalSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_table_of_configuration_is_the_code_s() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", README, flags=re.MULTILINE)
    known = [
        (f.metadata["name"], f"`{f.default}`" if f.default else "–", f.metadata["meaning"])
        for kind in (LocalSettings, Settings)
        for f in fields(kind)
    ]
    assert rows == known


def test_every_room_is_on_the_map() -> None:
    rooms = {p.parent.name for p in (ROOT / "chalicelib").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in README} == set()


def test_what_a_deployment_creates_is_counted_right() -> None:
    numbers = dict(
        zip(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
            ],
            range(1, 14),
            strict=True,
        )
    )
    functions = json.loads((ROOT / ".chalice" / "config.json").read_text())["lambda_functions"]
    template = (ROOT / "infra" / "cloud" / "resources.yaml").read_text()
    for what, many in {
        "Lambda functions": len(functions),
        "DynamoDB tables": template.count("Type: AWS::DynamoDB::Table"),
        "SQS queues": template.count("Type: AWS::SQS::Queue\n"),
        "alarms on one SNS topic": template.count("Type: AWS::CloudWatch::Alarm"),
    }.items():
        (said,) = re.findall(rf"(\w+) {what}", README)
        assert numbers[said.lower()] == many, what


def test_every_link_into_the_tree_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
