"""The list of differences is about the witnesses, says where AWS is read, and holds nothing that is no test any more."""

import subprocess
import sys
from pathlib import Path

from tests.contract.dynamo.differences import TABLE
from tests.contract.dynamo.engines import WITNESSES

HERE = Path(__file__).parent


def test_only_witnesses_may_differ_and_each_row_names_what_aws_documents():
    assert {row.engine for row in TABLE} == set(WITNESSES)
    assert all(row.why and row.source for row in TABLE)


def test_every_row_is_about_a_test_that_there_is():
    collected = subprocess.run(  # noqa: S603  (this Python, on these tests)
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", str(HERE)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    known = {line.partition("::")[2] for line in collected.splitlines()}
    variants = {f"{row.test}[{row.engine}-{variant}]" for row in TABLE for variant in row.variants}

    assert {row.test for row in TABLE} <= {name.partition("[")[0] for name in known}
    assert variants <= known
