import type { Shift } from "../../proto/types.gen.ts";
import { useDesk } from "../desk/context.ts";
import { i18n, t } from "../words.ts";
import { ShiftChip } from "./grid.tsx";
import { cellKey, cellsOf, startOf } from "./week.ts";

/** One's own week: when, and when the breaks are. */
export function MyWeek({ days, shifts }: { days: readonly string[]; shifts: readonly Shift[] }) {
  const { me } = useDesk();
  const cells = cellsOf(shifts);
  return (
    <ol class="my-week">
      {days.map((day) => {
        const own = cells.get(cellKey(me.id, day)) ?? [];
        return (
          <li key={day}>
            <h2>{i18n.value.date(startOf(day), { weekday: "long", month: "short", day: "numeric" })}</h2>
            {own.length === 0 ? <p class="roster-off">{t("roster_free")}</p> : null}
            {own.map((shift) => (
              <div key={shift.id}>
                <ShiftChip shift={shift} />
                {shift.breaks.map(({ starts_at, ends_at, kind }) => (
                  <p key={starts_at} class="db-number">
                    {t("roster_break", {
                      kind,
                      from: i18n.value.clock(starts_at),
                      to: i18n.value.clock(ends_at),
                    })}
                  </p>
                ))}
              </div>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
