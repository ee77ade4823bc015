import { useState } from "preact/hooks";
import type { CategoryChoice } from "../proto/types.gen.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { CHOOSE } from "./places.ts";
import type { Visit } from "./visit.ts";

const WHEN = { weekday: "long", hour: "2-digit", minute: "2-digit" } as const;

/** The greeting, and what it can be about. Nothing is chosen beforehand. */
export function Welcome({ visit }: { visit: Visit }) {
  const { speech, door, phase } = visit;
  const [above, setAbove] = useState<CategoryChoice | null>(null);
  const all = door.config?.categories ?? [];
  const shown = all.filter((category) => (category.parent_id ?? null) === (above?.id ?? null));
  const leads = (category: CategoryChoice) => all.some((other) => other.parent_id === category.id);
  const choose = (category: CategoryChoice) => {
    if (leads(category)) setAbove(category);
    else visit.choose(category.id);
  };
  if (door.config?.mode === "hidden") return <p class="welcome-words">{speech.t("closed")}</p>;
  return (
    <div class="welcome">
      <p class="welcome-words">{door.config?.texts["greeting"] || speech.t("greeting")}</p>
      {door.config?.mode === "leave_message" && (
        <p role="status">
          {speech.t("closed_now")}{" "}
          {door.config.opens_at && speech.t("opens_at", { time: speech.date(door.config.opens_at, WHEN) })}
        </p>
      )}
      {phase === "choosing" && (
        <>
          <h2 id={CHOOSE} tabIndex={-1}>
            {above?.label ?? speech.t("choose")}
          </h2>
          {above && (
            <Button
              kind="quiet"
              icon="back"
              onClick={() => setAbove(all.find(({ id }) => id === above.parent_id) ?? null)}
            >
              {speech.t("back")}
            </Button>
          )}
          <ul class="choices" aria-labelledby={CHOOSE}>
            {shown.map((category) => (
              <li key={category.id}>
                <button type="button" onClick={() => choose(category)}>
                  {category.label}
                  <Icon name="forward" size={16} />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
