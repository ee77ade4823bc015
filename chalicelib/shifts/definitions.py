"""Templates, rotations, holiday calendars and business hours: what rosters and opening hours are made of."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.problems import invalid
from chalicelib.gateway.refusals import Forbidden
from chalicelib.kit.documents import Documents, StaleVersion
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.protocol.shifts import NewBusinessHours, NewRotation
from chalicelib.shifts.planning import Book
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.store import ShiftStore

T = TypeVar("T", bound=BaseModel)


class Definitions:
    def __init__(self, store: ShiftStore, reaches: Reaches, ids: Ids) -> None:
        self.store = store
        self._reaches = reaches
        self._ids = ids

    def _are_the_houses(self, caller: Caller) -> None:
        """Whoever plans for their unit alone would change the rosters and the hours of others."""
        if not self._reaches.everybody(caller, "shift.plan"):
            raise Forbidden("All units share these. Ask somebody who plans for the whole house.")

    def add(self, caller: Caller, documents: Documents[T], model: type[T], new: BaseModel) -> T:
        """With an id of its own, its references checked."""
        self._are_the_houses(caller)
        made = model.model_validate({**new.model_dump(by_alias=True), "id": self._ids.new()})
        self._check(made)
        documents.create(made)
        return made

    def change(
        self,
        caller: Caller,
        documents: Documents[T],
        model: type[T],
        key: str,
        change: BaseModel,
        version: int,
    ) -> T:
        """What is named is changed, and judged as a whole again. Rosters follow at the next making; what is published stays."""
        self._are_the_houses(caller)
        old = documents.get(key)
        facts: dict[str, Any] = old.model_dump(by_alias=True)
        if facts["version"] != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        named = change.model_dump(by_alias=True, exclude_unset=True)
        try:
            made = model.model_validate({**facts, **named, "version": version + 1})
        except ValidationError as error:
            raise invalid(error) from error
        self._check(made)
        documents.replace(made)
        return made

    def book(self) -> Book:
        """All rotations and templates: a Query each."""
        return Book(
            {r.id: r for r in self.store.rotations.all()}, {t.id: t for t in self.store.templates.all()}
        )

    def _check(self, made: BaseModel) -> None:
        if isinstance(made, NewRotation):
            self._names_templates(made)
        if isinstance(made, NewBusinessHours) and made.holiday_calendar_id:
            found = self.store.calendars.find(made.holiday_calendar_id)
            if found is None:
                raise _unknown("holiday_calendar_id", "holiday calendar")

    def _names_templates(self, rotation: NewRotation) -> None:
        for template_id in sorted({t for t in rotation.days if t}):
            if self.store.templates.find(template_id) is None:
                place = rotation.days.index(template_id)
                raise _unknown(f"days.{place}", "shift template")


def _unknown(path: str, what: str) -> Invalid:
    return Invalid(f"{path}: there is no such {what}.", errors=((path, f"is no {what}'s"),))
