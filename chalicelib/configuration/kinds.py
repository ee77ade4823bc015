"""The kinds of things a configuration is made of: how each is told by names, checked, made, changed and removed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from chalicelib.configuration.model import AmbiguousName, BadConfig, Facts, Thing
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import DeskError


class Ref(NamedTuple):
    """A field that refers to things of a kind. `said`: what it is called where it holds names. `within`: it holds a group of fields,
    of which this one is the reference, and `within_said` what that is called.
    """

    field: str
    said: str
    kind: str
    many: bool = False
    within: str = ""
    within_said: str = ""

    def names_in(self, value: Any) -> list[str]:
        """The names that a field holds. Raises ValueError where it holds none as it should."""
        if value is None:
            return []
        if self.within:
            value = value.get(self.within_said) if isinstance(value, dict) else None
        names = value if self.many else [value]
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise ValueError("is no name")
        return names

    def put(self, value: Any, ids: list[str]) -> Any:
        """The field's value with ids in the place of names."""
        if self.many:
            return ids
        if value is None or not self.within:
            return ids[0] if ids else None
        return {**{k: v for k, v in value.items() if k != self.within_said}, self.within: ids[0]}


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
        order: dict[str, Kept] = {}
        waiting = self.all(caller)
        while waiting:
            above = {kept.id for kept in waiting}
            ready = [kept for kept in waiting if self._above(kept) not in above] or waiting
            for kept in ready:
                name = self.named(self._told(kept.rules, names))
                if name in order:
                    raise AmbiguousName(f"Two {self.name} are called {name}. Rename one of them first.")
                order[name] = kept
                names.learn(self.name, name, kept.id)
            waiting = [kept for kept in waiting if kept not in ready]
        return {
            name: Thing(kept.id, kept.version, self._told(kept.rules, names)) for name, kept in order.items()
        }

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
            try:
                said[name].names_in(value)
            except ValueError as error:
                raise BadConfig("Give names here.", errors=((f"{where}.{name}", str(error)),)) from error
        unknown = ({ref.field for ref in self.refs} - set(said)) | self.left_out
        if held := sorted(unknown & set(facts)):
            raise BadConfig(
                "A configuration has names, never ids.", errors=((f"{where}.{held[0]}", "is unknown"),)
            )
        placeholders = {
            r.field: ["x"] if r.many else "x"
            for r in self.refs
            if self.rules.model_fields[r.field].is_required()
        }
        groups = {
            ref.field: ref.put(refs[ref.said], ["x"])
            for ref in self.refs
            if ref.within and refs.get(ref.said)
        }
        try:
            rules = self.rules.model_validate_json(json.dumps({**facts, **placeholders, **groups}))
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
            **{
                ref.said: _group(rules, ref, ref.names_in(refs[ref.said])[0])
                for ref in self.refs
                if ref.field in groups
            },
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
            else:
                found[ref.field] = ref.put(value, [_id_of(names, ref, n, where) for n in ref.names_in(value)])
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
            if ref.within:
                name = names.name_of(ref.kind, getattr(value, ref.within)) if value else None
                if name:
                    facts[ref.said] = _group(rules, ref, name)
                continue
            ids = list(value or ()) if ref.many else [value] if value else []
            known = [name for i in ids if (name := names.name_of(ref.kind, i))]
            if known:
                facts[ref.said] = known if ref.many else known[0]
        return facts

    def _above(self, kept: Kept) -> str | None:
        """The id of one of its own kind that it stands under."""
        own = next((r for r in self.refs if r.kind == self.name and not (r.many or r.within)), None)
        return getattr(kept.rules, own.field) if own else None


def told_of(kind: str, name: str, error: DeskError) -> DeskError:
    """The room's own refusal, with which thing of the text it is about."""
    errors = tuple((f"{kind}.{name}.{path}", what) for path, what in error.errors)
    return type(error)(f"{kind}, {name}: {error.detail}", errors=errors)


def _plain(rules: BaseModel, without: set[str], only: set[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = rules.model_dump(
        mode="json", exclude_defaults=True, exclude=without, include=only
    )
    return found


def _group(rules: BaseModel, ref: Ref, name: str) -> dict[str, Any]:
    """A group of fields, with the name in the place of the reference."""
    group: dict[str, Any] = getattr(rules, ref.field).model_dump(mode="json", exclude={ref.within})
    return {ref.within_said: name, **group}


def _id_of(names: Names, ref: Ref, name: str, where: str) -> str:
    found = names.id_of(ref.kind, name)
    if found is None:
        raise BadConfig(
            f"There is nothing called {name} among the {ref.kind}.",
            errors=((f"{where}.{ref.said}", "names nothing there is"),),
        )
    return found
