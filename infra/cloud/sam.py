"""Run by the proving environment's Python: what CloudFormation makes of a SAM template. Standard output is the result.

.venv-ministack/bin/python infra/cloud/sam.py template.json
"""

import json
import sys
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform


class _NoManagedPolicies:
    """SAM asks for AWS's policies by name; every role here is written out."""

    def load(self) -> dict[str, str]:
        return {}


def main(path: str) -> None:
    template: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": "any", "Key": "any"}  # SAM takes no file
    json.dump(transform(template, {}, _NoManagedPolicies()), sys.stdout, indent=1)


if __name__ == "__main__":
    main(sys.argv[1])
