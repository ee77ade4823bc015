"""Projection expressions: which parts of an item to return."""

from functools import lru_cache

from infra.local.dynamo.expressions.parsed import KEPT, Parsed, parsed
from infra.local.dynamo.expressions.paths import Path, overlap
from infra.local.dynamo.expressions.reader import Names, Reader


@lru_cache(maxsize=KEPT)
def projection(text: str, names: Names) -> Parsed[tuple[Path, ...]]:
    reader = Reader(text, names, "ProjectionExpression")
    paths = [reader.path()]
    while reader.skip(","):
        paths.append(reader.path())
    reader.end()
    if clash := overlap(paths, reader.kind):
        raise clash
    return parsed(tuple(paths), reader)
