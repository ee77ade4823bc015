"""Update expressions: SET, REMOVE, ADD and DELETE, and the item after them.

Source: Developer Guide, "Using update expressions in DynamoDB". Every operand reads the item as it was; SET comes before
REMOVE, so a list's indexes mean the list as it was. ADD and DELETE are for top-level attributes, as that page says.
"""

from dataclasses import dataclass
from functools import lru_cache

from infra.local.dynamo import decimals
from infra.local.dynamo.expressions.arithmetic import WRONG, Term, right_hand_side
from infra.local.dynamo.expressions.operands import Values, wrong_kind
from infra.local.dynamo.expressions.parsed import KEPT, Parsed, parsed
from infra.local.dynamo.expressions.paths import Path, overlap
from infra.local.dynamo.expressions.reader import Names, Reader
from infra.local.dynamo.refusals import invalid
from infra.local.dynamo.values import SETS, Item, Value, thawed

KIND = "UpdateExpression"
CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
MOST_OPERATORS = 300
"""Source: "Quotas in Amazon DynamoDB", section Expression parameters."""


@dataclass(frozen=True, slots=True)
class Update:
    assigned: tuple[tuple[Path, Term], ...] = ()
    removed: tuple[Path, ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    deleted: tuple[tuple[str, str], ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Everything the update touches."""
        top = tuple((name,) for name, _ in (*self.added, *self.deleted))
        return (*(path for path, _ in self.assigned), *self.removed, *top)

    def check(self, values: Values) -> None:
        """Refuses what is wrong whatever the item."""
        for _, term in self.assigned:
            term.check(values)
        for _, name in self.added:
            if next(iter(values[name])) not in ("N", *SETS):
                raise wrong_kind(KIND, "ADD", values[name])
        for _, name in self.deleted:
            if next(iter(values[name])) not in SETS:
                raise wrong_kind(KIND, "DELETE", values[name])

    def applied(self, item: Item, values: Values) -> Item:
        """The item afterwards; `item` itself stays as it was."""
        assigned = [(path, term.of(item, values)) for path, term in self.assigned]
        document = thawed({"M": item})
        for path, value in sorted(assigned, key=lambda pair: _append_order(pair[0])):
            _assign(document, path, value)
        for path in sorted(self.removed, key=_from_the_end, reverse=True):
            _remove(document, path)
        new: Item = document["M"]
        for name, given in self.added:
            new[name] = _added(item.get(name), values[given])
        for name, given in self.deleted:
            left = _without(item.get(name), values[given])
            if left is None:
                new.pop(name, None)
            else:
                new[name] = left
        return new


def _append_order(path: Path) -> int:
    """Indexes past the end append, lowest first."""
    last = path[-1]
    return last if isinstance(last, int) else -1


def _from_the_end(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Reversed, elements go from the end of their list, so that no removal moves another's element."""
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def _parent(document: Value, path: Path) -> Value:
    holder: Value | None = document
    for step in path[:-1]:
        if holder is not None and isinstance(step, str):
            holder = holder.get("M", {}).get(step)
        elif holder is not None and isinstance(step, int):
            children = holder.get("L", ())
            holder = children[step] if step < len(children) else None
    if holder is None or ("M" if isinstance(path[-1], str) else "L") not in holder:
        raise invalid("The document path provided in the update expression is invalid for update")
    return holder


def _assign(document: Value, path: Path, value: Value) -> None:
    holder, last = _parent(document, path), path[-1]
    if isinstance(last, str):
        holder["M"][last] = value
    elif last < len(holder["L"]):
        holder["L"][last] = value
    else:
        holder["L"].append(value)


def _remove(document: Value, path: Path) -> None:
    holder, last = _parent(document, path), path[-1]
    if isinstance(last, str):
        holder["M"].pop(last, None)
    elif last < len(holder["L"]):
        del holder["L"][last]


def _added(old: Value | None, given: Value) -> Value:
    ((kind, content),) = given.items()
    if old is None:
        return given
    if kind not in old:
        raise invalid(WRONG)
    if kind == "N":
        return {"N": decimals.total(old["N"], content)}
    return {kind: sorted({*old[kind], *content})}


def _without(old: Value | None, given: Value) -> Value | None:
    """The set less the given members; an emptied set is no attribute any more."""
    ((kind, content),) = given.items()
    if old is None:
        return None
    if kind not in old:
        raise invalid(WRONG)
    left = sorted(set(old[kind]).difference(content))
    return {kind: left} if left else None


@lru_cache(maxsize=KEPT)
def update(text: str, names: Names) -> Parsed[Update]:
    reader = Reader(text, names, KIND)
    clauses: dict[str, list[tuple[Path, Term | str | None]]] = {}
    while not reader.ended:
        clause = reader.peek().upper()
        if clause not in CLAUSES:
            raise reader.surprised()
        reader.take()
        if clause in clauses:
            raise reader.refused(f'The "{clause}" section can only be used once in an update expression;')
        clauses[clause] = [_action(reader, clause)]
        while reader.skip(","):
            clauses[clause].append(_action(reader, clause))
    if reader.operators > MOST_OPERATORS:
        raise reader.refused(f"The expression has more than {MOST_OPERATORS} operators and functions;")
    return parsed(_tree(clauses), reader)


def _action(reader: Reader, clause: str) -> tuple[Path, Term | str | None]:
    path = reader.path()
    if clause == "SET":
        reader.expect("=")
        return path, right_hand_side(reader)
    if clause == "REMOVE":
        return path, None
    if len(path) > 1:
        raise reader.refused(f"{clause} is for top-level attributes alone")
    return path, reader.value()


def _tree(clauses: dict[str, list[tuple[Path, Term | str | None]]]) -> Update:
    clash = overlap((path for actions in clauses.values() for path, _ in actions), KIND)
    if clash:
        raise clash

    def of(clause: str) -> list[tuple[Path, Term | str | None]]:
        return clauses.get(clause, [])

    return Update(
        assigned=tuple(
            (path, term) for path, term in of("SET") if term is not None and not isinstance(term, str)
        ),
        removed=tuple(path for path, _ in of("REMOVE")),
        added=tuple((str(path[0]), name) for path, name in of("ADD") if isinstance(name, str)),
        deleted=tuple((str(path[0]), name) for path, name in of("DELETE") if isinstance(name, str)),
    )
