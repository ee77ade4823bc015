"""A data folder with as many agents on duty as a load wants: more than the demo has, and each with room enough."""

from pathlib import Path

from chalicelib import wiring
from chalicelib.agents.model import Agent
from chalicelib.kit.clock import machine_clock
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import Outside
from chalicelib.kit.values import AgentId
from chalicelib.queues.model import Member
from infra.local.deadlines import Deadlines
from infra.local.dynamo import EmbeddedDynamo
from infra.local.files.attachments import LocalFiles
from infra.local.files.signing import Signer
from infra.local.files.store import ObjectStore
from infra.local.folder import DataFolder
from infra.local.gateway.connections import Connections
from infra.local.seed import SUPPORT, seed
from infra.local.settings import LocalSettings

PASSWORD = "load-password"


def staffed(folder: Path, agents: int, capacity: int) -> list[str]:
    """Seeds the demo and these agents into a folder that no server has open; their addresses, their password being PASSWORD."""
    data = DataFolder(folder)
    keys = data.prepare()
    tables = EmbeddedDynamo(data.tables)
    files = LocalFiles(ObjectStore(data.files), Signer(keys.keys[keys.current], machine_clock), "")
    outside = Outside(
        tables, Connections(), keys, Settings(), machine_clock, machine_clock, files, Deadlines()
    )
    desk = wiring.use(outside)
    wiring.create_tables()
    seed(desk, LocalSettings())
    emails = [f"agent{number}@load.local" for number in range(agents)]
    for number, email in enumerate(emails):
        agent = Agent(
            id=AgentId(desk.ids.new()),
            email=email,
            alias=f"Agent {number}",
            role_ids=("agent",),
            capacity=capacity,
            created_at=machine_clock(),
        )
        desk.agents.create(agent, desk.ids.new())
        desk.sign_in.set_password(agent.id, PASSWORD)
        desk.queues.add_member(SUPPORT, Member(agent_id=agent.id))
        desk.agents.join_queue(agent.id, SUPPORT)
    tables.close()
    return emails
