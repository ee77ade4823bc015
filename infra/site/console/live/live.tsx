import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Live, LiveAgent, LiveQueue, LiveWaiting } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/hooks.ts";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { levelOf } from "../desk/waits.ts";
import { addressOf } from "../router.ts";
import { i18n, t, whyNot } from "../words.ts";
import { ForceStatus } from "./force-status.tsx";
import sheet from "./live.lazy.css";
import { Quarters } from "./quarters.tsx";

adopt(sheet);

const EVERY_MS = 15_000;
const SETTLE_MS = 1_000;

/** What goes on now: who waits, who serves, and how today goes. */
export function LiveBoard() {
  const { live, wrong, again } = useLive();
  if (!live)
    return (
      <main class="live">
        <h1>{t("live")}</h1>
        {wrong === null ? (
          <p>{t("loading")}</p>
        ) : (
          <Notice kind="error">
            {whyNot(wrong)} <Button onClick={again}>{t("retry")}</Button>
          </Notice>
        )}
      </main>
    );
  return (
    <main class="live">
      <h1>{t("live")}</h1>
      {wrong === null ? null : <Notice kind="warning">{t("live_stale")}</Notice>}
      <Figures live={live} />
      <section class="live-card live-wide" aria-labelledby="live-quarters">
        <h2 id="live-quarters">{t("live_quarters")}</h2>
        <Quarters queues={live.queues} />
      </section>
      <section class="live-card" aria-labelledby="live-queues">
        <h2 id="live-queues">{t("queues")}</h2>
        <Queues queues={live.queues} />
      </section>
      <section class="live-card" aria-labelledby="live-waiting">
        <h2 id="live-waiting">{t("live_waiting")}</h2>
        <Waiting waiting={live.waiting} queues={live.queues} />
      </section>
      <section class="live-card live-wide" aria-labelledby="live-agents">
        <h2 id="live-agents">{t("live_agents")}</h2>
        <Agents agents={live.agents} again={again} />
      </section>
    </main>
  );
}

/** Read again when something changed, and now and then: an event may be lost. */
function useLive() {
  const desk = useDesk();
  const [live, setLive] = useState<Live | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const isOnline = desk.link.value === "online";
  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is what `tries` is for
  useEffect(() => {
    const stop = new AbortController();
    let due: ReturnType<typeof setTimeout> | undefined;
    const time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const read = () => {
      due = undefined;
      if (document.visibilityState !== "visible") return;
      rest.get<Live>("/v1/live", { query: { time_zone }, signal: stop.signal }).then(
        (told) => {
          setLive(told);
          setWrong(null);
        },
        (failure) => stop.signal.aborted || setWrong(failure),
      );
    };
    read();
    const timer = setInterval(read, EVERY_MS);
    const undo = desk.client.onEvent(({ type }) => {
      if (type === "live.changed" || type === "agent.status_changed") due ??= setTimeout(read, SETTLE_MS);
    });
    if (isOnline) desk.command({ type: "watch", what: "live" }).catch(() => undefined);
    return () => {
      stop.abort();
      clearInterval(timer);
      clearTimeout(due);
      undo();
      if (isOnline) desk.command({ type: "unwatch", what: "live" }).catch(() => undefined);
    };
  }, [desk, isOnline, tries]);
  return { live, wrong, again: () => setTries(tries + 1) };
}

function Figures({ live }: { live: Live }) {
  const now = useNow(useDesk().client.clock);
  const { queues, agents } = live;
  const sum = (of: (queue: LiveQueue) => number) => queues.reduce((all, queue) => all + of(queue), 0);
  const oldest = queues
    .map(({ oldest_queued_at }) => oldest_queued_at)
    .filter((at) => at !== null)
    .sort()[0];
  const answered = sum(({ today }) => today.answered);
  const judged = answered + sum(({ today }) => today.abandoned);
  const inTime = sum(({ today }) => today.in_time);
  const here = agents.filter(({ connected }) => connected).length;
  const figures: readonly [string, string][] = [
    [t("live_waiting_now"), String(sum(({ waiting }) => waiting.count))],
    [t("live_oldest"), oldest ? stopwatch((now - Date.parse(oldest)) / 1000) : "–"],
    [t("live_here"), `${here} / ${agents.length}`],
    [t("live_queued_today"), i18n.value.number(sum(({ today }) => today.queued))],
    [t("live_in_time"), judged > 0 ? percent(inTime / judged) : "–"],
    [t("live_abandoned"), i18n.value.number(sum(({ today }) => today.abandoned))],
  ];
  return (
    <dl class="live-figures">
      {figures.map(([name, value]) => (
        <div key={name} class="live-card">
          <dt>{name}</dt>
          <dd class="db-number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Queues({ queues }: { queues: readonly LiveQueue[] }) {
  const now = useNow(useDesk().client.clock);
  return (
    <table class="live-table">
      <thead>
        <tr>
          <th scope="col">{t("fact_queue")}</th>
          <th scope="col">{t("state_queued")}</th>
          <th scope="col">{t("live_oldest")}</th>
          <th scope="col">{t("live_free")}</th>
          <th scope="col">{t("live_in_time")}</th>
        </tr>
      </thead>
      <tbody>
        {queues.map(
          ({ queue_id, name, waiting, oldest_queued_at, answer_target_s, free, members, today }) => {
            const waited = oldest_queued_at ? (now - Date.parse(oldest_queued_at)) / 1000 : 0;
            const level = oldest_queued_at ? levelOf(waited / answer_target_s) : "calm";
            return (
              <tr key={queue_id}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                <td class="db-number">
                  {waiting.count}
                  {waiting.more ? "+" : ""}
                </td>
                <td class="db-number">
                  <span class="wait-time" data-level={level}>
                    {oldest_queued_at ? `${stopwatch(waited)}${level === "late" ? "!" : ""}` : "–"}
                  </span>
                </td>
                <td class="db-number">
                  {free} / {members}
                </td>
                <td class="db-number">{today.service_level === null ? "–" : percent(today.service_level)}</td>
              </tr>
            );
          },
        )}
      </tbody>
    </table>
  );
}

interface WaitingProps {
  waiting: readonly LiveWaiting[];
  queues: readonly LiveQueue[];
}

function Waiting({ waiting, queues }: WaitingProps) {
  const now = useNow(useDesk().client.clock);
  if (waiting.length === 0) return <p class="context-none">{t("queue_nobody")}</p>;
  return (
    <ul class="live-waiting">
      {waiting.map(({ session_id, customer_name, queue_id, queued_at }) => {
        const queue = queues.find((one) => one.queue_id === queue_id);
        const waited = (now - Date.parse(queued_at)) / 1000;
        const level = levelOf(waited / (queue?.answer_target_s ?? 30));
        return (
          <li key={session_id}>
            <a href={addressOf("inbox", session_id)} dir="auto">
              {customer_name}
            </a>
            <span>{queue?.name}</span>
            <span class="wait-time db-number" data-level={level}>
              {stopwatch(waited)}
              {level === "late" ? "!" : ""}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Agents({ agents, again }: { agents: readonly LiveAgent[]; again(): void }) {
  const desk = useDesk();
  const mayForce = desk.can("agent.status", "others");
  return (
    <table class="live-table">
      <thead>
        <tr>
          <th scope="col">{t("live_agent")}</th>
          <th scope="col">{t("live_connection")}</th>
          <th scope="col">{t("live_status")}</th>
          <th scope="col">{t("live_duty")}</th>
          <th scope="col">{t("live_load")}</th>
          {mayForce ? (
            <th scope="col">
              <span class="db-hidden">{t("live_force")}</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {agents.map((one) => (
          <tr key={one.agent.id}>
            <th scope="row">
              <Avatar name={one.agent.name} size={24} /> <span dir="auto">{one.agent.name}</span>
            </th>
            <td>{t(one.connected ? "live_connected" : "agent_not_here")}</td>
            <td>
              <span class="status-dot" data-status={one.routing_status} /> {t(`status_${one.routing_status}`)}
              {one.break_reason ? ` · ${one.break_reason}` : ""}
            </td>
            <td>{t(`duty_${one.duty}`)}</td>
            <td class="db-number">
              {i18n.value.number(one.load)} / {one.capacity}
            </td>
            {mayForce ? (
              <td>
                <ForceStatus agent={one} onDone={again} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function percent(share: number): string {
  return i18n.value.number(share, { style: "percent", maximumFractionDigits: 0 });
}
