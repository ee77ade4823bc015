"""Which session next, and which agent: the whole policy over plain values, the same answer for the same state."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.agents.model import SLOT, Agent
from chalicelib.dispatch.model import Candidate, Choice, Instants, choose, hides_others
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.protocol.offers import Explanation
from chalicelib.protocol.skills import SkillLevel
from chalicelib.queues.model import Member, Queue
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.waiting import Waits
from tests.house import NOON

QUEUE = Queue(id=QueueId("support"), name="Support")
NOW = Instants(NOON, NOON)


# who is able


def test_nobody_is_chosen_of_nobody() -> None:
    choice = choose(QUEUE, _waits(), [], NOW)

    assert choice.chosen is None
    assert choice.nobody_free
    assert (choice.why.chosen, choice.why.runner_up, choice.why.candidates) == (None, None, [])


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"enabled": False}, "disabled"),
        ({"lease_until": None}, "not_connected"),
        ({"lease_until": NOON}, "not_connected"),
        ({"routing_status": "busy"}, "not_accepting"),
        ({"routing_status": "break"}, "not_accepting"),
        ({"routing_status": "offline"}, "not_accepting"),
        ({"capacity": 2, "load": 2 * SLOT}, "full"),
        ({"capacity": 2, "load": 2 * SLOT - 50}, "full"),
        ({"capacity": 0}, "full"),
    ],
)
def test_one_rule_excludes(facts: dict[str, object], rule: str) -> None:
    choice = choose(QUEUE, _waits(), [_candidate("ann", **facts)], NOW)

    assert choice.chosen is None
    assert choice.nobody_free
    assert [c.excluded_by for c in choice.why.candidates] == [rule]


def test_a_membership_may_hold_less_than_its_agent_and_never_more() -> None:
    less = _candidate("ann", capacity=4, load=SLOT, member={"capacity": 1})
    more = _candidate("bob", capacity=1, load=SLOT, member={"capacity": 4})

    choice = choose(QUEUE, _waits(), [less, more], NOW)

    assert choice.chosen is None
    assert [(c.capacity, c.excluded_by) for c in choice.why.candidates] == [(1, "full"), (1, "full")]


def test_who_let_it_go_does_not_get_it_again_and_keeps_nobody_else_waiting() -> None:
    waits = _waits(tried=frozenset({AgentId("ann")}))
    choice = choose(QUEUE, waits, [_candidate("ann")], NOW)

    assert choice.chosen is None
    assert [c.excluded_by for c in choice.why.candidates] == ["let_it_go"]
    assert not choice.nobody_free
    assert hides_others(choice, waits)


# skills


def test_who_holds_every_skill_at_its_level_is_able_and_nobody_else() -> None:
    waits = _waits(french=3, billing=1)
    candidates = [
        _candidate("ann", skills={"french": 2, "billing": 5}),
        _candidate("bob", skills={"french": 3, "billing": 1}),
        _candidate("cid", skills={"french": 5}),
    ]

    choice = choose(QUEUE, waits, candidates, NOW)

    assert choice.why.chosen == "bob"
    assert {c.agent_id: (c.excluded_by, c.shortfall) for c in choice.why.candidates} == {
        "ann": ("lacks_skill", 1),
        "bob": (None, 0),
        "cid": ("lacks_skill", 1),
    }


def test_who_lacks_a_skill_hides_nobody_who_asks_for_another() -> None:
    choice = choose(QUEUE, _waits(french=1), [_candidate("ann")], NOW)

    assert not choice.nobody_free
    assert not hides_others(choice, _waits(french=1))


def test_after_a_while_skills_are_asked_for_no_more_and_who_lacks_least_comes_first() -> None:
    queue = QUEUE.model_copy(update={"relax_after_s": 90})
    waits = _waits(french=3, billing=2)
    candidates = [
        _candidate("ann", skills={"french": 3}),
        _candidate("bob", skills={"french": 3, "billing": 1}, load=SLOT),
    ]
    almost, after = (Instants(NOON + timedelta(seconds=s), NOON) for s in (89.999, 90))

    assert choose(queue, waits, candidates, almost).chosen is None
    choice = choose(queue, waits, candidates, after)
    assert (choice.why.chosen, choice.why.relaxed) == ("bob", True)


def test_a_queue_that_never_relaxes_asks_for_ever() -> None:
    queue = QUEUE.model_copy(update={"relax_after_s": None})
    tomorrow = Instants(NOON + timedelta(days=1), NOON)

    assert choose(queue, _waits(french=1), [_candidate("ann")], tomorrow).chosen is None


def test_the_same_skills_have_one_signature_in_whatever_order_and_however_often_they_are_asked() -> None:
    asked = [SkillLevel(skill="french", level=3), SkillLevel(skill="billing", level=1)]
    again = [*asked[::-1], SkillLevel(skill="french", level=2)]

    assert Skills.of(asked).signature == Skills.of(again).signature
    assert Skills.of(asked).signature != Skills.of(asked[:1]).signature
    assert Skills.of([SkillLevel(skill="a", level=1), SkillLevel(skill="b", level=1)]).signature not in (
        Skills.of([SkillLevel(skill="a\x001\x00b", level=1)]).signature,
        Skills.of().signature,
    )


# strategies


def test_least_loaded_goes_by_the_share_of_ones_own_capacity() -> None:
    candidates = [_candidate("ann", capacity=2, load=SLOT), _candidate("bob", capacity=8, load=3 * SLOT)]

    assert _chosen(QUEUE, candidates) == "bob"


def test_longest_idle_goes_by_the_last_assignment_alone() -> None:
    candidates = [
        _candidate("ann", load=0, last_assigned_at=NOON - timedelta(minutes=1)),
        _candidate("bob", load=3 * SLOT, last_assigned_at=NOON - timedelta(minutes=2)),
    ]

    assert _chosen(_by("longest_idle"), candidates) == "bob"


def test_one_who_never_got_any_has_waited_longest() -> None:
    candidates = [_candidate("ann", last_assigned_at=NOON - timedelta(days=1)), _candidate("bob")]

    assert _chosen(QUEUE, candidates) == "bob"


@pytest.mark.parametrize(
    ("last", "next_one"), [(None, "ann"), ("ann", "bob"), ("bob", "cid"), ("cid", "ann")]
)
def test_round_robin_goes_on_after_whoever_got_the_last_one(last: str | None, next_one: str) -> None:
    candidates = [
        _candidate(name, load=load, last_assigned_at=NOON if name == last else None)
        for name, load in (("ann", 3 * SLOT), ("bob", 2 * SLOT), ("cid", 0))
    ]

    assert _chosen(_by("round_robin"), candidates) == next_one


def test_skill_best_takes_the_most_levels_in_what_is_asked_then_the_least_loaded() -> None:
    candidates = [
        _candidate("ann", skills={"french": 3, "chess": 5}),
        _candidate("bob", skills={"french": 4}, load=2 * SLOT),
        _candidate("cid", skills={"french": 4}, load=SLOT),
    ]

    assert _chosen(_by("skill_best"), candidates, _waits(french=2)) == "cid"


def test_ties_go_to_the_smaller_id_in_whatever_order_they_come() -> None:
    candidates = [_candidate(name) for name in ("cid", "ann", "bob")]

    answers = [choose(QUEUE, _waits(), order, NOW) for order in permutations(candidates)]

    assert {(a.why.chosen, a.why.runner_up) for a in answers} == {("ann", "bob")}
    assert all(a == answers[0] for a in answers)


def test_a_membership_of_higher_priority_comes_before_any_load() -> None:
    candidates = [_candidate("ann"), _candidate("bob", load=3 * SLOT, member={"priority": 1})]

    assert _chosen(QUEUE, candidates) == "bob"


# who served the customer before


def test_who_served_the_customer_before_comes_first_if_able() -> None:
    candidates = [_candidate("ann"), _candidate("bob", load=3 * SLOT)]

    choice = choose(QUEUE, _waits(prefers=AgentId("bob")), candidates, NOW)

    assert (choice.why.chosen, choice.why.strategy) == ("bob", "returning")


def test_a_full_desk_of_theirs_is_waited_for_a_moment_and_no_longer() -> None:
    waits = _waits(prefers=AgentId("bob"), kept_until=NOON + timedelta(seconds=30))
    candidates = [_candidate("ann"), _candidate("bob", load=4 * SLOT)]
    before, after = (Instants(NOON + timedelta(seconds=s), NOON) for s in (29.999, 30))

    kept = choose(QUEUE, waits, candidates, before)

    assert kept.chosen is None
    assert [c.excluded_by for c in kept.why.candidates] == ["kept_for_another", "full"]
    assert hides_others(kept, waits)
    assert choose(QUEUE, waits, candidates, after).why.chosen == "ann"


def test_one_who_is_away_is_not_waited_for() -> None:
    waits = _waits(prefers=AgentId("bob"), kept_until=NOON + timedelta(seconds=30))

    choice = choose(QUEUE, waits, [_candidate("ann"), _candidate("bob", routing_status="break")], NOW)

    assert choice.why.chosen == "ann"


# what must stay so, whatever else changes


@pytest.mark.parametrize("strategy", ["least_loaded", "longest_idle", "round_robin", "skill_best"])
def test_an_idle_agent_more_never_leaves_a_session_without_one(strategy: str) -> None:
    """For any of those there are: whoever could be served before can be with one more."""
    queue = _by(strategy)
    some = [
        _candidate("ann", skills={"french": 2}, load=SLOT),
        _candidate("bob", routing_status="break"),
        _candidate("cid", load=4 * SLOT),
    ]
    idle = _candidate("dee", skills={"french": 5})
    for waits in (_waits(), _waits(french=1), _waits(prefers=AgentId("cid")), _waits(french=5)):
        without, with_one_more = choose(queue, waits, some, NOW), choose(queue, waits, [*some, idle], NOW)
        assert with_one_more.chosen is not None or without.chosen is None


# builders


def _waits(
    tried: frozenset[AgentId] = frozenset(),
    prefers: AgentId | None = None,
    kept_until: datetime | None = None,
    **skills: int,
) -> Waits:
    return Waits(
        session_id=SessionId("s"),
        queue_id=QUEUE.id,
        rank="1:s",
        skills=Skills.of([SkillLevel(skill=name, level=level) for name, level in skills.items()]),
        since=NOON,
        tried=tried,
        prefers=prefers,
        kept_until=kept_until,
    )


def _by(strategy: str) -> Queue:
    return QUEUE.model_copy(update={"strategy": strategy})


def _candidate(name: str, member: dict[str, int] | None = None, **facts: object) -> Candidate:
    agent = Agent(
        id=AgentId(name),
        email=f"{name}@demo.local",
        alias=name.title(),
        role_ids=("agent",),
        routing_status="accepting",
        lease_until=NOON + timedelta(seconds=1),
        created_at=NOON,
    )
    return Candidate(replace(agent, **facts), Member(agent_id=agent.id, **(member or {})))  # type: ignore[arg-type]


def _chosen(queue: Queue, candidates: list[Candidate], waits: Waits | None = None) -> str | None:
    choice: Choice = choose(queue, waits or _waits(), candidates, NOW)
    why: Explanation = choice.why
    assert why.chosen == (choice.chosen.agent.id if choice.chosen else None)
    return why.chosen
