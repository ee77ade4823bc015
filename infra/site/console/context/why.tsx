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
  relaxed?: boolean;
  over_capacity?: boolean;
}

const STRATEGIES = [
  "least_loaded",
  "longest_idle",
  "round_robin",
  "skill_best",
  "returning",
  "transfer",
  "pulled_back",
  "assigned",
  "taken",
  "taken_over",
] as const;
const RULES = [
  "disabled",
  "not_connected",
  "not_accepting",
  "off_duty",
  "leaving",
  "full",
  "lacks_skill",
  "let_it_go",
  "refused_at_claim",
  "kept_for_another",
] as const;

/** Why it came to this agent, in words. */
export function Why({ talk }: { talk: Held }) {
  const desk = useDesk();
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
  const last = offers.findLast(({ agent_id }) => agent_id === talk.session.agent?.id) ?? offers.at(-1);
  if (!last) return null;
  const chosen = talk.session.agent;
  const title = !chosen || desk.isMine(talk.session) ? t("why_me") : t("why_them", { who: chosen.name });
  return (
    <section class="context-part" aria-label={title}>
      <h3>{title}</h3>
      <Explained offered={last} />
    </section>
  );
}

function Explained({ offered }: { offered: Offered }) {
  const who = useWho();
  const { me } = useDesk();
  const told = offered.explanation as unknown as Explanation;
  const { strategy, chosen, runner_up, candidates = [] } = told;
  const winner = candidates.find(({ agent_id }) => agent_id === chosen);
  const loser = candidates.find(({ agent_id }) => agent_id === runner_up);
  const known = STRATEGIES.find((one) => one === strategy);
  const slots = (one: Considered) => ({ load: one.load, capacity: one.capacity });
  return (
    <ul class="why">
      <li>
        {known ? strategyWords(known, chosen === me.id) : (strategy ?? "")}
        {winner ? ` ${t("why_load", slots(winner))}` : ""}
      </li>
      {told.relaxed ? <li>{t("why_relaxed")}</li> : null}
      {told.over_capacity ? <li>{t("why_over_capacity")}</li> : null}
      {loser ? <li>{t("why_runner_up", { who: who(loser), ...slots(loser) })}</li> : null}
      {[...excluded(candidates)].map(([rule, n]) => (
        <li key={rule}>{t("why_excluded", { n, why: ruleWords(rule) })}</li>
      ))}
      <li class="why-at">{i18n.value.date(offered.at, { dateStyle: "medium", timeStyle: "short" })}</li>
    </ul>
  );
}

function strategyWords(strategy: (typeof STRATEGIES)[number], isMe: boolean): string {
  return isMe ? t(`why_${strategy}`) : t(`why_${strategy}_them`);
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
