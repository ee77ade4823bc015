"""The whole store at one moment, read as the house reads it."""

from dataclasses import dataclass

from chalicelib.agents.model import Agent
from chalicelib.agents.store import PROFILE, AgentItem, _from_item
from chalicelib.sessions.entries import Entry
from chalicelib.sessions.items import HEAD, entry_from, session_from
from chalicelib.sessions.model import Session
from tests.simulation.ledger import Key, Raw


@dataclass
class Books:
    sessions: dict[str, Session]
    raw_heads: dict[str, Raw]
    logs: dict[str, list[Entry]]
    """By session, in the order of their places."""
    agents: dict[str, Agent]
    live: dict[str, str]
    """By customer: the session that counts as their live one."""

    @classmethod
    def of(cls, items: dict[Key, Raw]) -> "Books":
        heads = {k.hash: raw for k, raw in items.items() if k.table == "sessions" and k.range == HEAD}
        logs: dict[str, list[Entry]] = {session_id: [] for session_id in heads}
        for key in sorted(k for k in items if k.table == "sessions" and k.range[0] == "m"):
            logs.setdefault(key.hash, []).append(entry_from(items[key]))
        return cls(
            sessions={session_id: session_from(raw) for session_id, raw in heads.items()},
            raw_heads=heads,
            logs=logs,
            agents={k.hash: agent_from(raw) for k, raw in items.items() if is_profile(k)},
            live={
                k.hash: raw["session_id"]["S"]
                for k, raw in items.items()
                if k.table == "customers" and k.range.startswith("live:")
            },
        )


def is_profile(key: Key) -> bool:
    return key.table == "agents" and key.range == PROFILE


def agent_from(raw: Raw) -> Agent:
    return _from_item(AgentItem.from_raw_data(raw))
