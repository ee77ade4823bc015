"""Telling, comparing and applying a configuration. Applied twice, the second changes nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.configuration.kinds import Kind, Names, told_of
from chalicelib.configuration.model import BadConfig, Facts, Section, Step, Thing, diff_of, steps
from chalicelib.configuration.rooms import Rooms
from chalicelib.configuration.text import parsed, written
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import DeskError
from chalicelib.protocol.configuration import ConfigDiff


class Configuration:
    """`hours`: the ids of business hours by their names: others refer to them, and the roster's own sheets tell of them."""

    def __init__(self, rooms: Rooms, hours: Callable[[], Mapping[str, str]]) -> None:
        self._kinds = rooms.kinds()
        self._hours = hours

    def told(self, caller: Caller) -> str:
        """Everything there is, as a text."""
        there, _ = self._there(caller)
        return written(
            {kind: [dict(thing.facts) for thing in things.values()] for kind, things in there.items()}
        )

    def diff(self, caller: Caller, text: str) -> ConfigDiff:
        planned, _ = self._planned(caller, text)
        return diff_of(planned)

    def apply(self, caller: Caller, text: str, *, dry_run: bool) -> ConfigDiff:
        """Makes and changes in the order of the kinds, then removes, the last kind first. Cut short, the same text does the rest."""
        planned, names = self._planned(caller, text)
        if not dry_run:
            kinds = {kind.name: kind for kind in self._kinds}
            made = [step for step in planned if step.facts is not None]
            for take, taken in ((_take, made), (_take_later, made), (_take_away, planned[len(made) :])):
                for step in taken:
                    try:
                        take(kinds[step.kind], caller, step, names)
                    except DeskError as error:
                        raise told_of(step.kind, step.name, error) from error
        return diff_of(planned)

    def _there(self, caller: Caller) -> tuple[dict[str, dict[str, Thing]], Names]:
        names = Names()
        for name, id_ in self._hours().items():
            names.learn("business_hours", name, id_)
        return {kind.name: kind.there(caller, names) for kind in self._kinds}, names

    def _planned(self, caller: Caller, text: str) -> tuple[list[Step], Names]:
        sections = self._sections(text)
        there, names = self._there(caller)
        made: list[Step] = []
        gone: list[Step] = []
        for kind in self._kinds:
            section = sections.get(kind.name)
            if section is None:
                continue
            for step in steps(section, there[kind.name], deletes=kind.remove is not None):
                (gone if step.facts is None else made).append(step)
        _refer_to_what_will_be(self._kinds, made, names)
        gone.sort(key=lambda step: -[k.name for k in self._kinds].index(step.kind))
        return [*made, *gone], names

    def _sections(self, text: str) -> Mapping[str, Section]:
        found = parsed(text)
        kinds = {kind.name: kind for kind in self._kinds}
        if not isinstance(found, dict):
            raise BadConfig(f"A configuration names kinds of things: {', '.join(kinds)}.")
        unknown = [str(name) for name in found if name not in kinds]
        if unknown:
            raise BadConfig(
                f"There is no kind {unknown[0]}; there are {', '.join(kinds)}.",
                errors=((unknown[0][:80], "is no kind"),),
            )
        return {name: _section(kinds[name], entries) for name, entries in found.items()}


def _name_first(facts: Facts) -> dict[str, Any]:
    first = ("name", "code", "label", "parent", "queue")
    return dict(
        sorted(facts.items(), key=lambda fact: first.index(fact[0]) if fact[0] in first else len(first))
    )


def _section(kind: Kind, entries: Any) -> Section:
    if not isinstance(entries, list):
        raise BadConfig(f"{kind.name} is a list.", errors=((kind.name, "is no list"),))
    wanted: dict[str, dict[str, Any]] = {}
    for at, entry in enumerate(entries):
        where = f"{kind.name}.{at}"
        name, facts = kind.wanted(entry, where)
        if name in wanted:
            raise BadConfig(f"{name} stands there twice.", errors=((where, "stands there twice"),))
        wanted[name] = facts
    return Section(kind=kind.name, wanted=wanted)


def _refer_to_what_will_be(kinds: list[Kind], made: list[Step], names: Names) -> None:
    """Raises BadConfig where a step refers to what is neither there nor made in time."""
    by_name = {kind.name: kind for kind in kinds}
    so_far, at_last = Names(), Names()
    for step in made:
        at_last.learn(step.kind, step.name, step.name)
    for step in made:
        for ref in by_name[step.kind].refs:
            sure = at_last if ref.said in by_name[step.kind].later else so_far
            for name in ref.names_in((step.facts or {}).get(ref.said)):
                if names.id_of(ref.kind, name) is None and sure.id_of(ref.kind, name) is None:
                    raise BadConfig(
                        f"{step.kind}, {step.name}: there is nothing called {name} among the {ref.kind}.",
                        errors=((f"{step.kind}.{step.name}.{ref.said}", "names nothing there is"),),
                    )
        so_far.learn(step.kind, step.name, step.name)


def _take(kind: Kind, caller: Caller, step: Step, names: Names) -> None:
    """Makes or changes it, but for what may refer to something made after it."""
    where = f"{step.kind}.{step.name}"
    if step.was is None:
        facts = {name: value for name, value in (step.facts or {}).items() if name not in kind.later}
        names.learn(kind.name, step.name, kind.create(caller, kind.with_ids(facts, names, where)))
    else:
        _change(kind, caller, step, step.was, names, [n for n in step.fields if n not in kind.later])


def _take_later(kind: Kind, caller: Caller, step: Step, names: Names) -> None:
    fields = list(step.facts or ()) if step.was is None else step.fields
    later = [name for name in fields if name in kind.later]
    if later:
        _change(kind, caller, step, kind.there(caller, names)[step.name], names, later)


def _take_away(kind: Kind, caller: Caller, step: Step, names: Names) -> None:
    if step.was and kind.remove:
        kind.remove(caller, step.was)


def _change(kind: Kind, caller: Caller, step: Step, was: Thing, names: Names, fields: list[str]) -> None:
    wanted = step.facts or {}
    changed = {name: wanted.get(name, kind.default_of(name)) for name in fields}
    if changed:
        kind.change(caller, was, kind.with_ids(changed, names, f"{step.kind}.{step.name}"))
