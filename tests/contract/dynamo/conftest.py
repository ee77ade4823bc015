"""One conformance test runs on every engine; where a witness is known to differ, it must fail."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.contract.dynamo.desk import Desk
from tests.contract.dynamo.differences import difference
from tests.contract.dynamo.engines import ENGINES, running, tables_of


@pytest.fixture(scope="session")
def engines(tmp_path_factory) -> Iterator[Callable[[str], tuple[Any, dict[str, str]]]]:
    """Starts an engine when the first test asks for it, and stops all at the end."""
    started: dict[str, tuple[Any, dict[str, str]]] = {}
    with ExitStack() as stack:

        def engine(name: str) -> tuple[Any, dict[str, str]]:
            if name not in started:
                client = stack.enter_context(running(name, tmp_path_factory.mktemp(name)))
                started[name] = client, stack.enter_context(tables_of(client))
            return started[name]

        yield engine


@pytest.fixture(params=ENGINES)
def desk(request, engines) -> Desk:
    client, tables = engines(request.param)
    return Desk(client, tables, patient=request.param == "aws")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for test in items:
        parameters = getattr(test, "callspec", None)
        if parameters is None or "desk" not in parameters.params:
            continue
        if not test.function.__doc__:
            raise pytest.UsageError(f"{test.nodeid} names no AWS documentation")
        engine = parameters.params["desk"]
        variant = parameters.id.removeprefix(engine).removeprefix("-")
        why = difference(engine, test.originalname, variant)
        if why:
            test.add_marker(pytest.mark.xfail(reason=why, strict=True))
