import { useEffect, useState } from "preact/hooks";
import type { Agent, Page } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";

/** Those who may be given work, by name; null while they are read. */
export function useAgents(): { agents: readonly Agent[] | null; wrong: unknown } {
  const [agents, setAgents] = useState<readonly Agent[] | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  useEffect(() => {
    let left = false;
    everyAgent().then(
      (found) => left || setAgents(found),
      (failure) => left || setWrong(failure),
    );
    return () => {
      left = true;
    };
  }, []);
  return { agents, wrong };
}

async function everyAgent(): Promise<Agent[]> {
  const found: Agent[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Agent> = await rest.get("/v1/agents", { query: { cursor, limit: 100 } });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found
    .filter(({ enabled }) => enabled)
    .sort((one, other) => rank(one) - rank(other) || one.alias.localeCompare(other.alias));
}

function rank({ connected, routing_status }: Agent): number {
  if (!connected) return 2;
  return routing_status === "accepting" ? 0 : 1;
}
