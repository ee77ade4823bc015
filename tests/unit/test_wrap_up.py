"""Wrap-up: fields and further dispositions, what a queue's policy asks, what is still to be filed, and every revision."""

from typing import Any

import pytest

from chalicelib.archive.model import Option, Scheme
from chalicelib.kit.values import SchemeId, SessionId
from chalicelib.protocol.schemes import SchemeField, ShownIf
from chalicelib.protocol.settings import SettingsChange
from chalicelib.sessions.model import Session
from chalicelib.sign_in.service import caller_of
from tests.house import Client, House, Talk

FIELDS = [
    SchemeField(name="kind", label="Kind", kind="select", options=["dent", "tear"], required=True),
    SchemeField(
        name="length",
        label="How long",
        kind="number",
        required=True,
        shown_if=ShownIf(field="kind", equals="tear"),
    ),
    SchemeField(name="gift", label="A gift", kind="checkbox"),
    SchemeField(name="card", label="Card", shown_if=ShownIf(field="gift", equals=True)),
    SchemeField(name="words", label="Words", required=True, shown_if=ShownIf(field="card", equals="yes")),
]
OPTIONS = [
    Option(option_id="broken", label="Broken", fields=FIELDS, tags=["damage", "quality"], resolved="no"),
    Option(option_id="late", label="Late", tags=["damage", "parcel"]),
    Option(option_id="rude", label="Rude", requires_note=True),
    Option(option_id="praise", label="Praise"),
]


@pytest.fixture
def talk(house: House) -> Talk:
    house.desk.schemes.create(Scheme(id=SchemeId("shoes"), name="Shoes", status="published", options=OPTIONS))
    _queue(house, scheme_id="shoes")
    return house.talk()


def _queue(house: House, *, scheme_id: str | None = None, **rule: Any) -> None:
    queue = house.desk.queues.get("support")  # type: ignore[arg-type]
    facts: dict[str, Any] = {"wrap_up": queue.wrap_up.model_copy(update=rule), "version": queue.version + 1}
    if scheme_id:
        facts["scheme_id"] = scheme_id
    house.desk.queues.replace(queue.model_copy(update=facts))


def _file(talk: Talk, option_id: str, **facts: Any) -> dict[str, Any]:
    return talk.ann.ask("file_disposition", session_id=talk.session_id, option_id=option_id, **facts)


def _session(house: House, talk: Talk) -> Session:
    return house.desk.session_store.tail(SessionId(talk.session_id)).session


def _to_file(agent: Client) -> list[str]:
    return [s["session_id"] for s in agent.rest("GET", "/v1/sessions?tab=to_file").body["items"]]


# fields


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["fields.kind"]),
        ({"kind": "hole"}, ["fields.kind"]),
        ({"kind": "tear"}, ["fields.length"]),
        ({"kind": "tear", "length": "long"}, ["fields.length"]),
        ({"kind": "dent", "length": 3}, ["fields.length"]),
        ({"kind": "dent", "card": "yes"}, ["fields.card"]),
        ({"kind": "dent", "gift": False, "card": "yes"}, ["fields.card"]),
        ({"kind": "dent", "gift": 1, "card": "yes"}, ["fields.card", "fields.gift"]),
        ({"kind": "dent", "gift": True, "card": "yes"}, ["fields.words"]),
        ({"kind": "dent", "words": "x"}, ["fields.words"]),
        ({"kind": "dent", "colour": "red"}, ["fields.colour"]),
    ],
)
def test_a_field_that_does_not_fit_or_is_hidden_is_refused_by_its_name(
    house: House, talk: Talk, fields: dict[str, Any], wrong: list[str]
) -> None:
    refused = _file(talk, "broken", fields=fields)

    assert refused.get("code") == "fields_do_not_fit"
    assert sorted(e["path"] for e in refused["errors"]) == wrong
    assert _session(house, talk).disposition is None


def test_fields_that_fit_are_kept_with_tags_and_what_the_option_says_of_the_outcome(
    house: House, talk: Talk
) -> None:
    fields = {"kind": "tear", "length": 2.5, "gift": True, "card": "no"}

    _file(talk, "broken", fields=fields)

    session = _session(house, talk)
    assert session.disposition
    assert (session.disposition.fields, session.disposition.resolved) == (fields, "no")
    assert session.tags == ("damage", "quality")


def test_what_the_agent_says_of_the_outcome_counts_more(house: House, talk: Talk) -> None:
    _file(talk, "broken", fields={"kind": "dent"}, resolved="partly")

    assert _session(house, talk).disposition.resolved == "partly"  # type: ignore[union-attr]


# further dispositions


def test_a_talk_may_be_about_three_things_of_which_one_leads(house: House, talk: Talk) -> None:
    others = [{"option_id": "broken", "fields": {"kind": "dent"}}, {"option_id": "praise"}]

    _file(talk, "late", others=others)

    filed = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["disposition"]
    assert filed["option_id"] == "late"
    assert [(o["option_id"], o["label"], o["fields"]) for o in filed["others"]] == [
        ("broken", "Broken", {"kind": "dent"}),
        ("praise", "Praise", {}),
    ]
    assert _session(house, talk).tags == ("damage", "parcel", "quality")


@pytest.mark.parametrize(
    ("others", "code", "path"),
    [
        ([{"option_id": "no-such"}], "unknown_option", "others.0.option_id"),
        ([{"option_id": "praise"}, {"option_id": "broken"}], "fields_do_not_fit", "others.1.fields.kind"),
        ([{"option_id": "late"}], "unknown_option", "others"),
        ([{"option_id": "praise"}, {"option_id": "praise"}], "unknown_option", "others"),
        ([{"option_id": "rude"}], "note_required", "note"),
        ([{"option_id": "praise"}] * 3, "invalid", "others"),
    ],
)
def test_what_is_wrong_with_the_others_is_told_at_its_place(
    talk: Talk, others: list[dict[str, Any]], code: str, path: str
) -> None:
    refused = _file(talk, "late", others=others)

    assert refused["code"] == code
    assert [e["path"] for e in refused["errors"]] == [path]


# in one stroke


def test_ended_and_filed_in_one_stroke(house: House, talk: Talk) -> None:
    body = {"option_id": "praise", "end": True}

    done = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/disposition", body)

    assert (done.body["state"], done.body["close_reason"]) == ("closed", "agent_ended")
    assert house.load("ann") == (0.0, frozenset())
    again = talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/disposition", body)
    assert (again.status, again.body["version"]) == (200, done.body["version"])


def test_a_stroke_that_was_cut_short_is_finished_by_its_repetition(house: House, talk: Talk) -> None:
    """Filed, and the end never arrived."""
    house.faults.before(
        "PutItem", lambda: house.faults.never_arrives("TransactWriteItems"), about="last filing"
    )
    talk.ann.attempt("file_disposition", session_id=talk.session_id, option_id="praise", end=True)
    assert _session(house, talk).state == "active"
    assert house.faults.none_left

    assert _file(talk, "praise", end=True)["state"] == "closed"


# what the queue asks


def _ended(house: House, talk: Talk) -> str:
    talk.cleo.ask("end_session", session_id=talk.session_id)
    return _session(house, talk).state


def _passes(house: House) -> None:
    house.clock.passes(seconds=91)
    house.desk.rounds.expire_idle_sessions()


def test_where_it_is_required_what_was_not_filed_in_time_stays_on_the_list(house: House, talk: Talk) -> None:
    assert _ended(house, talk) == "wrap_up"
    assert _to_file(talk.ann) == []

    _passes(house)

    assert _session(house, talk).state == "closed"
    assert house.load("ann") == (0.0, frozenset())
    assert _to_file(talk.ann) == [talk.session_id]
    assert _to_file(house.on_duty("bob")) == []


def test_filing_takes_it_from_the_list(house: House, talk: Talk) -> None:
    _ended(house, talk)
    _passes(house)

    assert _file(talk, "praise")["state"] == "closed"

    assert _to_file(talk.ann) == []
    assert house.load("ann") == (0.0, frozenset())


def test_the_list_costs_what_stands_on_it_and_nothing_for_what_was_filed(house: House, talk: Talk) -> None:
    _ended(house, talk)
    _passes(house)
    for _ in range(5):
        session_id, _ = house.waiting()
        talk.ann.ask("file_disposition", session_id=session_id, option_id="praise", end=True)
    token = talk.ann.token
    house.meter.reset()

    listed = house.rest("GET", "/v1/sessions?tab=to_file", token=token)

    assert len(listed.body["items"]) == 1
    assert house.meter.requests["Query"] == 2


def test_a_customer_who_goes_on_takes_it_from_the_list_too(house: House, talk: Talk) -> None:
    _ended(house, talk)
    _passes(house)

    talk.cleo.ask("start_session", text="One more thing")

    assert _session(house, talk).state == "active"
    assert _to_file(talk.ann) == []


def test_where_it_is_optional_nothing_stays_on_the_list(house: House, talk: Talk) -> None:
    _queue(house, policy="optional")
    assert _ended(house, talk) == "wrap_up"

    _passes(house)

    assert _session(house, talk).state == "closed"
    assert _to_file(talk.ann) == []


def test_where_it_is_automatic_the_end_files_and_frees_at_once(house: House, talk: Talk) -> None:
    _queue(house, policy="automatic")

    assert _ended(house, talk) == "closed"

    filed = _session(house, talk).disposition
    assert filed
    assert (filed.option_id, filed.filed_by) == ("automatic", None)
    assert house.load("ann") == (0.0, frozenset())
    assert not talk.ann.heard("wrap_up.started")


def test_what_was_filed_while_talking_stays_where_the_queue_files_by_itself(house: House, talk: Talk) -> None:
    _queue(house, policy="automatic")
    _file(talk, "praise")

    _ended(house, talk)

    assert _session(house, talk).disposition.option_id == "praise"  # type: ignore[union-attr]


def test_what_nobody_served_is_filed_by_itself(house: House) -> None:
    ann = house.on_duty("ann")
    ann.ask("set_routing_status", status="busy")
    session_id, cleo = house.waiting()

    cleo.ask("leave_queue", session_id=session_id)

    sue = house.connected(caller_of(house.agent("sue")))
    filed = sue.rest("GET", f"/v1/sessions/{session_id}").body["disposition"]
    assert (filed["option_id"], filed["filed_by"]) == ("no_valid_talk", None)


def test_wrap_ups_do_not_pile_up(house: House, talk: Talk) -> None:
    """Two are open at most; the oldest beyond goes to the list."""
    others = [house.waiting() for _ in range(2)]
    for session_id, cleo in ((talk.session_id, talk.cleo), *others):
        cleo.ask("end_session", session_id=session_id)
        house.clock.passes(seconds=1)

    assert _to_file(talk.ann) == [talk.session_id]
    assert house.load("ann") == (2.0, frozenset(i for i, _ in others))
    assert [e["session_id"] for e in talk.ann.heard("wrap_up.passed")] == [talk.session_id]


def test_how_many_wrap_ups_are_open_is_a_setting(house: House, talk: Talk) -> None:
    house.desk.settings.change(SettingsChange(wrap_ups_at_once=1), 0)
    session_id, cleo = house.waiting()

    talk.cleo.ask("end_session", session_id=talk.session_id)
    house.clock.passes(seconds=1)
    cleo.ask("end_session", session_id=session_id)

    assert house.load("ann") == (1.0, frozenset({session_id}))


def test_an_end_stands_though_older_wrap_ups_can_not_be_looked_at(house: House, talk: Talk) -> None:
    others = [house.waiting() for _ in range(2)]
    for session_id, cleo in others:
        cleo.ask("end_session", session_id=session_id)
    house.faults.never_arrives("GetItem", about="'S': 'settings'")

    assert talk.cleo.ask("end_session", session_id=talk.session_id)["state"] == "wrap_up"
    assert house.faults.none_left


# what was filed before


def test_every_revision_is_kept_whole(talk: Talk) -> None:
    _file(talk, "rude", note="Shouted")
    _file(talk, "broken", fields={"kind": "dent"})

    kept = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/dispositions").body["items"]

    assert [(f["option_id"], f["note"], f["fields"]) for f in kept] == [
        ("broken", "", {"kind": "dent"}),
        ("rude", "Shouted", {}),
    ]
    assert {f["filed_by"]["name"] for f in kept} == {"Ann"}


def test_what_a_category_was_filed_as_last_is_suggested(house: House, talk: Talk) -> None:
    def suggested(category_id: str) -> str | None:
        session_id = house.customer().ask("start_session", text="Hi", category_id=category_id)["session_id"]
        found: str | None = talk.ann.rest("GET", f"/v1/sessions/{session_id}/scheme").body["suggested"]
        talk.ann.ask("file_disposition", session_id=session_id, option_id="late", end=True)
        return found

    assert [suggested("orders"), suggested("orders"), suggested("refunds")] == [None, "late", None]


def test_a_suggestion_that_can_not_be_kept_keeps_nothing_else(house: House, talk: Talk) -> None:
    house.faults.never_arrives("PutItem", about="last filing")

    assert _file(talk, "praise")["type"] == "accepted"
    assert house.faults.none_left
