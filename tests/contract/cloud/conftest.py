"""The template of each stage, as `make package` builds it."""

from typing import Any

import pytest

from infra.cloud import template
from infra.cloud.project import STAGES, Target

Template = dict[str, Any]


@pytest.fixture(scope="session")
def templates(tmp_path_factory) -> dict[str, Template]:
    return {stage: template.build(Target(stage, "arm64", tmp_path_factory.mktemp(stage))) for stage in STAGES}


@pytest.fixture
def resources(templates) -> dict[str, dict[str, Any]]:
    return templates["dev"]["Resources"]
