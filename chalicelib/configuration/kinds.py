"""The kinds of things a configuration is made of: how each is told by names, checked, made, changed and removed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from chalicelib.configuration.model import AmbiguousName, BadConfig, Facts, Thing
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import DeskError


class Ref(NamedTuple):
    """A field that refers to things of a kind. `said`: what it is called where it holds names."""

    field: str
    said: str
    kind: str
    many: bool = False


class Kept(NamedTuple):
    """Something there is, as its room keeps it."""

    id: str
    version: int
    rules: BaseModel


class Names:
    """Ids by kind and name, of what there is and of what is made meanwhile."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, str]] = {}

    def learn(self, kind: str, name: str, id_: str) -> None:
        self._ids.setdefault(kind, {})[name] = id_

    def id_of(self, kind: str, name: str) -> str | None:
        return self._ids.get(kind, {}).get(name)

    def name_of(self, kind: str, id_: str) -> str | None:
        return next((name for name, known in self._ids.get(kind, {}).items() if known == id_), None)


@dataclass(frozen=True)
class Kind:
    """`rules`: what is said of one; `named`: its name, from what is said. `later`: references that may lead to what is made after it.

    `create` takes what is said with ids and gives the new id, `change` the fields that differ; without `remove`
    nothing of the kind goes.
    """

    name: str
    rules: type[BaseModel]
    all: Callable[[Caller], list[Kept]]
    create: Callable[[Caller, dict[str, Any]], str]
    change: Callable[[Caller, Thing, dict[str, Any]], None]
    remove: Callable[[Caller, Thing], None] | None = None
    named: Callable[[Facts], str] = lambda facts: str(facts["name"])
    refs: tuple[Ref, ...] = ()
    left_out: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    def there(self, caller: Caller, names: Names) -> dict[str, Thing]:
        """By name, those before others that refer to them. Their names are learnt."""
        waiting, found = self.all(caller), dict[str, Thing]()
        own = {kept.id for kept in waiting}
        while waiting:
            ready = [
                k for k in waiting if not self._above(k) or self._above(k) not in own - {*self._ids(found)}
            ]
            for kept in ready or waiting:
                facts = self._told(kept.rules, names)
                name = self.named(facts)
                if name in found:
                    raise AmbiguousName(f"Two {self.name} are called {name}. Rename one of them first.")
                found[name] = Thing(kept.id, kept.version, facts)
                names.learn(self.name, name, kept.id)
            waiting = [k for k in waiting if k not in ready] if ready else []
        return found

    def wanted(self, entry: Any, where: str) -> tuple[str, dict[str, Any]]:
        """Name and facts of an entry of a text, its defaults left out. Raises BadConfig, at the field."""
        if not isinstance(entry, dict):
            raise BadConfig(
                f"Each of the {self.name} is a group of fields.", errors=((where, "is no group"),)
            )
        facts = {str(key): value for key, value in entry.items()}
        said = {ref.said: ref for ref in self.refs}
        refs = {name: facts.pop(name) for name in list(facts) if name in said}
        for name, value in refs.items():
            _names_in(value, said[name], f"{where}.{name}")
        unknown = {ref.field for ref in self.refs} | self.left_out
        if held := sorted(unknown & set(facts)):
            raise BadConfig(
                "A configuration has names, never ids.", errors=((f"{where}.{held[0]}", "is unknown"),)
            )
        placeholders = {
            r.field: ["x"] if r.many else "x"
            for r in self.refs
            if self.rules.model_fields[r.field].is_required()
        }
        try:
            rules = self.rules.model_validate_json(json.dumps({**facts, **placeholders}))
        except ValidationError as error:
            told = error.errors(include_url=False, include_input=False)[:10]
            raise BadConfig(
                f"{where}: {told[0]['msg']}",
                errors=tuple((".".join(map(str, (where, *e["loc"]))), e["msg"]) for e in told),
            ) from error
        except TypeError as error:
            raise BadConfig("Write dates and times in quotes.", errors=((where, "holds a date"),)) from error
        missing = [r.said for r in self.refs if r.field in placeholders and not refs.get(r.said)]
        if missing:
            raise BadConfig("A field is missing.", errors=((f"{where}.{missing[0]}", "is required"),))
        found = {
            **_plain(rules, self._ids_and_left_out),
            **{n: v for n, v in refs.items() if v not in (None, [])},
        }
        return self.named(found), found

    def with_ids(self, facts: Facts, names: Names, where: str) -> dict[str, Any]:
        """What is said, with ids for names. Raises BadConfig for a name that nothing has."""
        said = {ref.said: ref for ref in self.refs}
        found: dict[str, Any] = {}
        for name, value in facts.items():
            ref = said.get(name)
            if ref is None:
                found[name] = value
            elif ref.many:
                found[ref.field] = [_id_of(names, ref, each, where) for each in value]
            else:
                found[ref.field] = None if value is None else _id_of(names, ref, value, where)
        return found

    def default_of(self, said: str) -> Any:
        """What a field is where nothing is said of it."""
        for ref in self.refs:
            if ref.said == said:
                return [] if ref.many else None
        value = self.rules.model_fields[said].get_default(call_default_factory=True)
        return value.model_dump(mode="json") if isinstance(value, BaseModel) else value

    @property
    def _ids_and_left_out(self) -> set[str]:
        return {ref.field for ref in self.refs} | set(self.left_out)

    def _told(self, rules: BaseModel, names: Names) -> dict[str, Any]:
        facts = _plain(rules, self._ids_and_left_out, only=set(self.rules.model_fields))
        for ref in self.refs:
            value = getattr(rules, ref.field)
            ids = list(value or ()) if ref.many else [value] if value else []
            known = [name for i in ids if (name := names.name_of(ref.kind, i))]
            if known:
                facts[ref.said] = known if ref.many else known[0]
        return facts

    def _above(self, kept: Kept) -> str | None:
        """The id of one of its own kind that it stands under."""
        own = next((ref for ref in self.refs if ref.kind == self.name), None)
        return getattr(kept.rules, own.field) if own else None

    @staticmethod
    def _ids(found: Mapping[str, Thing]) -> set[str]:
        return {thing.id for thing in found.values()}


def told_of(kind: str, name: str, error: DeskError) -> DeskError:
    """The room's own refusal, with which thing of the text it is about."""
    errors = tuple((f"{kind}.{name}.{path}", what) for path, what in error.errors)
    return type(error)(f"{kind}, {name}: {error.detail}", errors=errors)


def _plain(rules: BaseModel, without: set[str], only: set[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = rules.model_dump(
        mode="json", exclude_defaults=True, exclude=without, include=only
    )
    return found


def _names_in(value: Any, ref: Ref, where: str) -> None:
    names = value if ref.many else [] if value is None else [value]
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise BadConfig("Give names here.", errors=((where, "is no name"),))


def _id_of(names: Names, ref: Ref, name: str, where: str) -> str:
    found = names.id_of(ref.kind, name)
    if found is None:
        raise BadConfig(
            f"There is nothing called {name} among the {ref.kind}.",
            errors=((f"{where}.{ref.said}", "names nothing there is"),),
        )
    return found
