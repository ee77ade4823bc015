"""A right body for each of the roster's routes, every field in it: what the tests of the doors bend."""

from typing import Any

SPAN = {"starts_at": "2026-11-23T09:00:00Z", "ends_at": "2026-11-23T17:00:00Z"}
SHIFT_TEMPLATE: dict[str, Any] = {
    "name": "Early",
    "starts": "09:00",
    "duration_min": 480,
    "time_zone": "Europe/Berlin",
    "code": "E",
    "breaks": [{"offset_min": 180, "duration_min": 30, "kind": "lunch", "routable": False}],
    "min_staff": 2,
    "queue_ids": ["Q"],
    "colour": "jade",
}
ROTATION: dict[str, Any] = {"name": "R", "anchor": "2026-11-23", "days": [None], "time_zone": "UTC"}
HOLIDAYS: dict[str, Any] = {
    "name": "H",
    "days": [{"on": "2026-12-25", "name": "x", "working": False, "as_day": "mon"}],
}
HOURS: dict[str, Any] = {
    "name": "H",
    "time_zone": "UTC",
    "week": {"mon": [{"starts": "09:00", "ends": "17:00"}]},
    "holiday_calendar_id": "H",
}
SHIFT_BODIES: dict[str, dict[str, Any]] = {
    "NewShiftTemplate": SHIFT_TEMPLATE,
    "ShiftTemplateChange": SHIFT_TEMPLATE,
    "NewRotation": ROTATION,
    "RotationChange": ROTATION,
    "NewRosterAssignment": {
        "agent_id": "A",
        "rotation_id": "R",
        "offset": 0,
        "from": "2026-11-23",
        "to": "2026-12-24",
    },
    "RosterAssignmentChange": {"rotation_id": "R", "offset": 0, "to": "2026-12-24"},
    "NewShift": {**SPAN, "agent_id": "A", "template_id": "T", "published": False},
    "NewPublication": {
        "from": "2026-11-23T00:00:00Z",
        "to": "2026-11-24T00:00:00Z",
        "unit_id": "U",
        "agent_ids": ["A"],
        "dry_run": True,
    },
    "NewOverride": {**SPAN, "agent_id": "A", "kind": "replace", "by_agent_id": "B", "reason": "x"},
    "NewStay": {"minutes": 15},
    "NewLeave": {**SPAN, "agent_id": "A", "kind": "annual", "reason": "x"},
    "NewSwap": {**SPAN, "agent_id": "A", "shift_id": "S", "with_agent_id": "B"},
    "NewHolidayCalendar": HOLIDAYS,
    "HolidayCalendarChange": HOLIDAYS,
    "NewBusinessHours": HOURS,
    "BusinessHoursChange": HOURS,
}
