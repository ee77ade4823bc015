"""The demo's roster: three agents on an all-day shift, every day."""

from contextlib import suppress

from chalicelib.gateway.caller import Caller
from chalicelib.kit.documents import AlreadyExists
from chalicelib.protocol.shifts import NewRosterAssignment, Rotation, ShiftTemplate
from chalicelib.shifts.walls import local_day
from chalicelib.wiring import Desk
from infra.local.settings import LocalSettings

ALL_DAY = "all-day"
DEMO_AGENTS = ("ann@demo.local", "bob@demo.local", "sue@demo.local")
SEEDER = Caller("agent", "seed", "Seed", role_ids=("owner",))


def seed_roster(desk: Desk, settings: LocalSettings) -> None:
    """What an earlier start made stays, and what somebody changed since; who has a roster of their own keeps it."""
    if not settings.with_demo:
        return
    today = local_day(desk.outside.clock(), "UTC")
    template = ShiftTemplate(id=ALL_DAY, name="All day", starts="00:00", duration_min=1440, code="D")
    rotation = Rotation(id=ALL_DAY, name="Every day", anchor=today, days=[ALL_DAY], time_zone="UTC")
    with suppress(AlreadyExists):
        desk.shift_store.templates.create(template)
    with suppress(AlreadyExists):
        desk.shift_store.rotations.create(rotation)
    for email in DEMO_AGENTS:
        agent = desk.agents.by_email(email)
        if agent is not None and not desk.shift_store.assignments_of(agent.id) and agent.roster is None:
            first = NewRosterAssignment(agent_id=agent.id, rotation_id=ALL_DAY, from_=today)
            desk.plans.assign(SEEDER, first)
