import { useEffect, useState } from "preact/hooks";
import type { Offered, Page } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { i18n, t } from "../words.ts";

interface Considered {
  agent_id: string;
  name?: string;
  load: number;
  capacity: number;
  excluded_by: string | null;
}

interface Explanation {
  strategy?: string;
  chosen?: string | null;
  runner_up?: string | null;
  candidates?: Considered[];
}

const STRATEGIES = ["least_loaded", "longest_idle", "taken"] as const;
const RULES = ["disabled", "not_connected", "not_accepting", "off_duty", "full"] as const;

/** Why it came to this agent, in words. */
export function Why({ talk }: { talk: Held }) {
  const [offers, setOffers] = useState<readonly Offered[]>([]);
  const { session_id, version } = talk;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may have another assignment
  useEffect(() => {
    const stop = new AbortController();
    const path = `/v1/sessions/${encodeURIComponent(session_id)}/offers`;
    rest.get<Page<Offered>>(path, { signal: stop.signal }).then(
      ({ items }) => setOffers(items),
      () => undefined,
    );
    return () => stop.abort();
  }, [session_id, version]);
  const last = offers.at(-1);
  if (!last) return null;
  return (
    <section class="context-part" aria-label={t("why_me")}>
      <h3>{t("why_me")}</h3>
      <Explained offered={last} />
    </section>
  );
}

function Explained({ offered }: { offered: Offered }) {
  const who = useWho();
  const { strategy, chosen, runner_up, candidates = [] } = offered.explanation as Explanation;
  const winner = candidates.find(({ agent_id }) => agent_id === chosen);
  const loser = candidates.find(({ agent_id }) => agent_id === runner_up);
  const known = STRATEGIES.find((one) => one === strategy);
  const slots = (one: Considered) => ({ load: one.load, capacity: one.capacity });
  return (
    <ul class="why">
      <li>
        {known ? t(`why_${known}`) : (strategy ?? "")}
        {winner ? ` ${t("why_load", slots(winner))}` : ""}
      </li>
      {loser ? <li>{t("why_runner_up", { who: who(loser), ...slots(loser) })}</li> : null}
      {[...excluded(candidates)].map(([rule, n]) => (
        <li key={rule}>{t("why_excluded", { n, why: ruleWords(rule) })}</li>
      ))}
      <li class="why-at">{i18n.value.date(offered.at, { dateStyle: "medium", timeStyle: "short" })}</li>
    </ul>
  );
}

/** How many were ruled out by each rule: who they are, this agent may not be allowed to read. */
function excluded(candidates: readonly Considered[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { excluded_by: rule } of candidates) if (rule) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

function ruleWords(rule: string): string {
  const known = RULES.find((name) => name === rule);
  return known ? t(`rule_${known}`) : rule;
}

function useWho(): (one: Considered) => string {
  const { me } = useDesk();
  return (one) => (one.agent_id === me.id ? t("you") : (one.name ?? t("a_colleague")));
}
