import { useEffect, useState } from "preact/hooks";
import type { Agent, Page, Shift, ShiftTemplate } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { ask, place } from "../router.ts";
import { i18n, t, whyNot } from "../words.ts";
import { Grid } from "./grid.tsx";
import { MyWeek } from "./my-week.tsx";
import sheet from "./roster.lazy.css";
import { cellsOf, dayOf, movedBy, weekOf, weekRange } from "./week.ts";

adopt(sheet);

const DAYS = 7;

/** A week of the roster: everybody's for whoever plans, one's own for all. */
export function Roster() {
  const desk = useDesk();
  const day = /^\d{4}-\d{2}-\d{2}$/.exec(place.value.asked)?.[0] ?? dayOf(new Date(desk.now.peek()));
  const days = weekOf(day);
  const team = desk.can("shift.read", "others");
  const { week, wrong, again } = useWeek(days, team);
  const show = (other: string) => ask(other);
  const range = weekRange(days);
  const publish = async () => {
    try {
      await rest.post("/v1/roster/publish", range);
      toast({ text: t("roster_published") });
      again();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const title = t("roster_week", {
    from: i18n.value.date(`${days[0]}T12:00`, { dateStyle: "medium" }),
    to: i18n.value.date(`${days[6]}T12:00`, { dateStyle: "medium" }),
  });
  return (
    <main class="roster">
      <header>
        <h1>{t(team ? "roster" : "roster_mine")}</h1>
        <div class="roster-week">
          <Button
            kind="quiet"
            icon="back"
            label={t("roster_before")}
            onClick={() => show(movedBy(day, -DAYS))}
          />
          <span aria-live="polite">{title}</span>
          <Button
            kind="quiet"
            icon="forward"
            label={t("roster_after")}
            onClick={() => show(movedBy(day, DAYS))}
          />
          <Button onClick={() => show("")}>{t("roster_now")}</Button>
        </div>
        {desk.can("shift.publish") ? (
          <Button kind="primary" onClick={publish}>
            {t("roster_publish")}
          </Button>
        ) : null}
      </header>
      {wrong === null ? null : (
        <Notice kind="error">
          {whyNot(wrong)} <Button onClick={again}>{t("retry")}</Button>
        </Notice>
      )}
      {week && team ? (
        <Grid
          days={days}
          agents={week.agents}
          templates={week.templates}
          cells={cellsOf(week.shifts)}
          onChanged={again}
        />
      ) : null}
      {week && !team ? <MyWeek days={days} shifts={week.shifts} /> : null}
      {week || wrong !== null ? null : <p>{t("loading")}</p>}
    </main>
  );
}

interface Week {
  shifts: readonly Shift[];
  agents: readonly Agent[];
  templates: readonly ShiftTemplate[];
}

function useWeek(days: readonly string[], team: boolean) {
  const desk = useDesk();
  const [week, setWeek] = useState<Week | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const range = weekRange(days);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is all that is asked
  useEffect(() => {
    const stop = new AbortController();
    const whose = team ? {} : { agent_id: desk.me.id };
    const reads = [
      all<Shift>("/v1/shifts", { ...range, ...whose }, stop.signal),
      team ? all<Agent>("/v1/agents", {}, stop.signal) : Promise.resolve([]),
      team ? all<ShiftTemplate>("/v1/shift-templates", {}, stop.signal) : Promise.resolve([]),
    ] as const;
    Promise.all(reads).then(
      ([shifts, agents, templates]) => {
        setWeek({ shifts, agents: agents.filter(({ enabled }) => enabled), templates });
        setWrong(null);
      },
      (failure) => stop.signal.aborted || setWrong(failure),
    );
    return () => stop.abort();
  }, [desk, range.from, range.to, team, tries]);
  return { week, wrong, again: () => setTries(tries + 1) };
}

async function all<Thing>(
  path: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<Thing[]> {
  const found: Thing[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Thing> = await rest.get(path, { query: { ...query, cursor, limit: 100 }, signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}
