import { useRef, useState } from "preact/hooks";
import type { Agent, Shift, ShiftTemplate } from "../../proto/types.gen.ts";
import { hueOf } from "../../ui/avatar.tsx";
import { useDesk } from "../desk/context.ts";
import { i18n, t } from "../words.ts";
import { CellForm } from "./cell-form.tsx";
import { type Cells, cellKey, dayOf, staffOn, startOf } from "./week.ts";

export interface GridProps {
  days: readonly string[];
  agents: readonly Agent[];
  templates: readonly ShiftTemplate[];
  cells: Cells;
  onChanged(): void;
}

interface At {
  row: number;
  column: number;
}

/** Agents down, days across. One stop for Tab; the arrows walk, Enter plans. */
export function Grid({ days, agents, templates, cells, onChanged }: GridProps) {
  const desk = useDesk();
  const [at, setAt] = useState<At>({ row: 0, column: 0 });
  const [plans, setPlans] = useState<At | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const may = desk.can("shift.plan");
  const today = dayOf(new Date(desk.today.value));
  const walk = (event: KeyboardEvent) => {
    const [down, right] =
      { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(agents.length - 1, at.row + down));
    const column = Math.max(0, Math.min(days.length - 1, at.column + right));
    setAt({ row, column });
    grid.current?.querySelector<HTMLElement>(`[data-at="${row} ${column}"]`)?.focus();
  };
  const staff = staffOn(
    days,
    agents.map(({ id }) => id),
    cells,
  );
  const planned = plans && { agent: agents[plans.row], day: days[plans.column] };
  return (
    <div class="roster-box">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked through is a grid */}
      <table class="roster-grid" role="grid" ref={grid} aria-label={t("roster")} onKeyDown={walk}>
        <thead>
          <tr>
            <th scope="col">{t("live_agent")}</th>
            {days.map((day) => (
              <th scope="col" key={day} data-today={day === today}>
                {i18n.value.date(startOf(day), { weekday: "short", month: "numeric", day: "numeric" })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agents.map((agent, row) => (
            <tr key={agent.id}>
              <th scope="row" dir="auto">
                {agent.alias}
              </th>
              {days.map((day, column) => (
                <td
                  key={day}
                  data-at={`${row} ${column}`}
                  tabIndex={at.row === row && at.column === column ? 0 : -1}
                  onFocus={() => setAt({ row, column })}
                  onClick={() => may && setPlans({ row, column })}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter" || !may) return;
                    event.preventDefault();
                    setPlans({ row, column });
                  }}
                >
                  <Cell shifts={cells.get(cellKey(agent.id, day)) ?? []} templates={templates} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("roster_staff")}</th>
            {staff.map((count, column) => (
              <td key={days[column]} class="db-number" data-none={count === 0}>
                {count}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
      {planned?.agent && planned.day ? (
        <CellForm
          agent={planned.agent}
          day={planned.day}
          templates={templates}
          onClose={() => setPlans(null)}
          onChanged={onChanged}
        />
      ) : null}
    </div>
  );
}

function Cell({ shifts, templates }: { shifts: readonly Shift[]; templates: readonly ShiftTemplate[] }) {
  if (shifts.length === 0) return <span class="roster-off">–</span>;
  return (
    <>
      {shifts.map((shift) => (
        <ShiftChip
          key={shift.id}
          shift={shift}
          template={templates.find(({ id }) => id === shift.template_id)}
        />
      ))}
    </>
  );
}

export function ShiftChip({ shift, template }: { shift: Shift; template?: ShiftTemplate | undefined }) {
  const name = shift.code ?? template?.name ?? "";
  return (
    <span
      class="shift"
      data-draft={!shift.published}
      style={{ "--hue": String(hueOf(name || shift.agent_id)) }}
    >
      {name ? <b>{name}</b> : null}{" "}
      <span class="db-number">
        {i18n.value.clock(shift.starts_at)}–{i18n.value.clock(shift.ends_at)}
      </span>
      {shift.published ? null : <small> {t("roster_draft")}</small>}
    </span>
  );
}
