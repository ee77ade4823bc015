import { useState } from "preact/hooks";
import { ApiError } from "../../core/rest.ts";
import type { Agent, Shift, ShiftTemplate } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { i18n, t, whyNot } from "../words.ts";
import { spanOf, startOf } from "./week.ts";

interface CellFormProps {
  agent: Agent;
  day: string;
  templates: readonly ShiftTemplate[];
  onClose(): void;
  onChanged(): void;
}

const DAY_MIN = 24 * 60;

/** One shift by hand: a template's times, or one's own. */
export function CellForm({ agent, day, templates, onClose, onChanged }: CellFormProps) {
  const [template_id, setTemplate] = useState(templates[0]?.id ?? "");
  const [starts, setStarts] = useState("09:00");
  const [ends, setEnds] = useState("17:00");
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const template = templates.find(({ id }) => id === template_id);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    const span = template
      ? spanOf(day, template.starts, template.duration_min)
      : spanOf(day, starts, minutesBetween(starts, ends));
    try {
      await rest.post<Shift>("/v1/shifts", {
        agent_id: agent.id,
        ...span,
        ...(template ? { template_id } : {}),
      });
      onChanged();
      onClose();
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  const title = t("roster_add", {
    who: agent.alias,
    day: i18n.value.date(startOf(day), { dateStyle: "medium" }),
  });
  return (
    <Dialog title={title} class="roster-add" onClose={onClose}>
      <h2 class="dialog-title">{title}</h2>
      <form onSubmit={save}>
        <label class="db-field">
          <span>{t("roster_template")}</span>
          <select
            class="db-input"
            value={template_id}
            onChange={(event) => setTemplate(event.currentTarget.value)}
          >
            {templates.map(({ id, name, starts: from }) => (
              <option key={id} value={id}>
                {name} · {from}
              </option>
            ))}
            <option value="">{t("roster_own_times")}</option>
          </select>
        </label>
        {template ? null : (
          <div class="roster-times">
            <label class="db-field">
              <span>{t("records_from")}</span>
              <input
                class="db-input"
                type="time"
                required
                value={starts}
                onInput={(event) => setStarts(event.currentTarget.value)}
              />
            </label>
            <label class="db-field">
              <span>{t("records_to")}</span>
              <input
                class="db-input"
                type="time"
                required
                value={ends}
                onInput={(event) => setEnds(event.currentTarget.value)}
              />
            </label>
          </div>
        )}
        {wrong === null ? null : (
          <Notice kind="error">{wrong instanceof ApiError ? wrong.detail : whyNot(wrong)}</Notice>
        )}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" submit disabled={busy}>
            {t("roster_plan")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Not later than the start: over midnight. */
function minutesBetween(starts: string, ends: string): number {
  const [from, to] = [starts, ends].map((time) => {
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    return hours * 60 + minutes;
  });
  return (((to ?? 0) - (from ?? 0) + DAY_MIN - 1) % DAY_MIN) + 1;
}
