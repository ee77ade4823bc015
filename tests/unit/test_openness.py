"""What the widget's config says of serving, and what that costs whoever looks at a page with the widget on it."""

from chalicelib.agents.model import Agent
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.queues.model import Member, Queue
from tests.house import House

CONFIG = "/v1/widget/config?source_key=demo"


def mode(house: House) -> str:
    return str(house.rest("GET", CONFIG).body["mode"])


def test_it_is_open_while_somebody_could_serve_at_once(house: House) -> None:
    assert mode(house) == "queue"

    ann = house.on_duty("ann")
    assert mode(house) == "open"

    ann.ask("set_routing_status", status="busy")
    assert mode(house) == "queue"

    house.on_duty("bob")
    assert mode(house) == "open"


def test_where_others_wait_a_newcomer_waits_too(house: House) -> None:
    house.waiting()

    assert mode(house) == "queue"


def test_a_full_desk_serves_nobody_and_one_who_left_the_queue_neither(house: House) -> None:
    house.on_duty("ann")
    ann = house.agent("ann")
    assert mode(house) == "open"
    for _ in range(ann.capacity):
        house.waiting()
    assert mode(house) == "queue"

    house.on_duty("bob")
    assert mode(house) == "open"
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    olga.rest("DELETE", f"/v1/queues/support/members/{house.agent('bob').id}")
    assert mode(house) == "queue"


def test_a_look_costs_the_same_however_many_serve_the_queue(house: House) -> None:
    house.on_duty("ann")
    costs = []
    for members in (3, 120):
        for n in range(members):
            agent = Agent(
                id=AgentId(f"M{members}-{n:03d}"),
                email=f"m{members}-{n}@demo.local",
                alias=f"M{n}",
                role_ids=("agent",),
                created_at=house.clock.now,
            )
            house.desk.agents.create(agent, house.desk.ids.new())
            house.desk.queues.add_member(QueueId("support"), Member(agent_id=agent.id))
        assert mode(house) == "open"
        house.meter.reset()
        assert house.desk.reception._openness.of(QueueId("support"))
        costs.append(dict(house.meter.requests))

    assert costs[0] == costs[1] == {"Query": 1, "GetItem": 4}


def test_another_queues_agents_say_nothing_of_this_one(house: House) -> None:
    house.staffed(Queue(id=QueueId("other"), name="Other"))
    house.hired("rob", role_ids=("agent",))

    assert mode(house) == "queue"
