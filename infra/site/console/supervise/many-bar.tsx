import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Menu } from "../../ui/popover.tsx";
import { useDesk } from "../desk/context.ts";
import { Lazy } from "../lazy.tsx";
import { t } from "../words.ts";
import { actOnMany, endSelecting, type FormAct, selected, selecting } from "./bulk.ts";

const loadAssign = () => import("./assign.tsx").then(({ Assign }) => Assign);
const loadMany = () => import("./many-form.tsx").then(({ ManyForm }) => ManyForm);

const FORMS: readonly (readonly [FormAct, IconName, permission: string])[] = [
  ["tag", "tag", "session.edit"],
  ["priority", "up", "session.edit"],
  ["requeue", "queue", "session.requeue"],
  ["end", "check", "session.end"],
  ["spam", "alert", "session.spam"],
  ["block", "lock", "session.block"],
];

/** What is done with all that are chosen. */
export function ManyBar() {
  const desk = useDesk();
  const [form, setForm] = useState<FormAct | "assign" | null>(null);
  if (!selecting.value) return null;
  const count = selected.value.length;
  const close = () => setForm(null);
  return (
    <div class="many-bar" role="toolbar" aria-label={t("many_acts")}>
      <span role="status">{t("many_chosen", { n: count })}</span>
      <Menu
        label={t("many_acts")}
        face={
          <>
            {t("many_acts")} <Icon name="down" size={14} />
          </>
        }
      >
        {(hide) => (
          <>
            {desk.can("session.assign", "others") ? (
              <button
                type="button"
                role="menuitem"
                class="db-item"
                disabled={count === 0}
                onClick={() => {
                  hide();
                  setForm("assign");
                }}
              >
                <Icon name="person" size={16} /> {t("assign")}
              </button>
            ) : null}
            {FORMS.filter(([, , permission]) => desk.can(permission)).map(([act, icon]) => (
              <button
                key={act}
                type="button"
                role="menuitem"
                class="db-item"
                disabled={count === 0}
                onClick={() => {
                  hide();
                  setForm(act);
                }}
              >
                <Icon name={icon} size={16} /> {t(`many_${act}`)}
              </button>
            ))}
          </>
        )}
      </Menu>
      <Button kind="quiet" icon="close" label={t("many_stop")} onClick={endSelecting} />
      {form === "assign" ? (
        <Lazy
          load={loadAssign}
          given={{
            count,
            assign: ({ id }, over_capacity) =>
              actOnMany(desk, { act: "assign", agent_id: id, over_capacity }),
            onClose: close,
          }}
        />
      ) : null}
      {form && form !== "assign" ? (
        <Lazy load={loadMany} given={{ act: form, count, onClose: close }} />
      ) : null}
    </div>
  );
}
