import { useId } from "preact/hooks";
import { t } from "../words.ts";
import type { Choice, ChoiceGroup } from "./choices.ts";

interface ChoiceListProps {
  groups: readonly ChoiceGroup[];
  chosen: string | null;
  /** What it was about besides. */
  others: readonly string[];
  onChoose(option_id: string): void;
  onBesides(option_id: string): void;
}

const NUMBERED = 9;

/** The leaves as radio buttons under their branches; the first nine have a key. */
export function ChoiceList({ groups, chosen, others, onChoose, onBesides }: ChoiceListProps) {
  const name = useId();
  const order = groups.flatMap((group) => group.choices);
  const line = (choice: Choice, alone: boolean) => {
    const { option, label, path } = choice;
    const place = order.indexOf(choice) + 1;
    return (
      <label key={option.option_id} class="choice">
        <input
          type="radio"
          name={name}
          checked={chosen === option.option_id}
          onChange={() => onChoose(option.option_id)}
        />
        <span class="choice-key" aria-hidden="true">
          {place <= NUMBERED ? place : ""}
        </span>
        <span class="choice-label">
          {alone && path.length > 0 ? <small>{path.join(" › ")} › </small> : null}
          {label}
        </span>
        {chosen !== null && chosen !== option.option_id ? (
          <button
            type="button"
            class="choice-besides"
            aria-pressed={others.includes(option.option_id)}
            title={t("filing_besides")}
            aria-label={`${t("filing_besides")}: ${label}`}
            onClick={(event) => {
              event.preventDefault();
              onBesides(option.option_id);
            }}
          >
            +
          </button>
        ) : null}
        {option.requires_note ? <small class="choice-note">{t("needs_note")}</small> : null}
      </label>
    );
  };
  return (
    <div class="choices">
      {groups.map((group) => (
        <fieldset key={group.name ?? "often"}>
          <legend>{group.name === null ? t("filing_often") : group.name || t("filing_others")}</legend>
          {group.choices.map((choice) => line(choice, group.name === null))}
        </fieldset>
      ))}
    </div>
  );
}
