import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page, Scheme } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { type Choice, choicesOf } from "../filing/choices.ts";
import { t, worded } from "../words.ts";
import { type Filters, isNarrowed, NOTHING } from "./filters.ts";

interface FormProps {
  filters: Filters;
  takesFocus: boolean;
  onChange(part: Partial<Filters>): void;
}

const SCORES = [1, 2, 3, 4, 5] as const;

export function FilterForm({ filters, takesFocus, onChange }: FormProps) {
  const narrowed = isNarrowed(filters);
  const [open] = useState(narrowed);
  const isAsked = Object.values(filters).some((value) => value !== "");
  return (
    <form class="records-form" onSubmit={(event) => event.preventDefault()}>
      <label class="db-field">
        <span>{t("service_number")}</span>
        <input
          class="db-input records-number"
          type="search"
          placeholder="K7Q2-9F3M"
          autocomplete="off"
          spellcheck={false}
          maxLength={20}
          autofocus={takesFocus}
          value={filters.number}
          onInput={(event) => onChange({ number: event.currentTarget.value })}
        />
      </label>
      <label class="db-field">
        <span>{t("records_words")}</span>
        <input
          class="db-input"
          type="search"
          dir="auto"
          maxLength={200}
          value={filters.q}
          onInput={(event) => onChange({ q: event.currentTarget.value })}
        />
      </label>
      <details open={open}>
        <summary>{t("records_filters")}</summary>
        <More filters={filters} onChange={onChange} />
      </details>
      {isAsked ? (
        <Button kind="quiet" icon="close" onClick={() => onChange(NOTHING)}>
          {t("records_clear")}
        </Button>
      ) : null}
    </form>
  );
}

function More({ filters, onChange }: Pick<FormProps, "filters" | "onChange">) {
  const { names } = useDesk();
  const dispositions = useDispositions();
  return (
    <div class="records-more-filters">
      <Select label={t("fact_queue")} value={filters.queue_id} set={(queue_id) => onChange({ queue_id })}>
        {[...names.queues.value.values()].map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        label={t("fact_category")}
        value={filters.category_id}
        set={(category_id) => onChange({ category_id })}
      >
        {names.categoryIds.value.map((id) => (
          <option key={id} value={id}>
            {names.category(id)}
          </option>
        ))}
      </Select>
      {dispositions.length > 0 ? (
        <Select
          label={t("filed_as")}
          value={filters.disposition}
          set={(disposition) => onChange({ disposition })}
        >
          {dispositions.map(({ option, path, label }) => (
            <option key={option.option_id} value={option.option_id}>
              {[...path, label].join(" › ")}
            </option>
          ))}
        </Select>
      ) : null}
      <Select label={t("rating")} value={filters.score} set={(score) => onChange({ score })}>
        {SCORES.map((score) => (
          <option key={score} value={String(score)}>
            {t("rating_of", { score })}
          </option>
        ))}
      </Select>
      <Day label={t("records_from")} value={filters.from} set={(from) => onChange({ from })} />
      <Day label={t("records_to")} value={filters.to} set={(to) => onChange({ to })} />
    </div>
  );
}

interface FieldProps {
  label: string;
  value: string;
  set(value: string): void;
}

function Select({ label, value, set, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <label class="db-field">
      <span>{label}</span>
      <select class="db-input" value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t("records_any")}</option>
        {children}
      </select>
    </label>
  );
}

function Day({ label, value, set }: FieldProps) {
  return (
    <label class="db-field">
      <span>{label}</span>
      <input
        class="db-input"
        type="date"
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

/** What can be filed; nothing for whoever may not read the schemes. */
function useDispositions(): readonly Choice[] {
  const [schemes, setSchemes] = useState<readonly Scheme[]>([]);
  useEffect(() => {
    rest.get<Page<Scheme>>("/v1/schemes").then(
      ({ items }) => setSchemes(items.filter(({ status }) => status !== "draft")),
      () => undefined,
    );
  }, []);
  return schemes.flatMap(({ options }) => choicesOf(options, worded));
}
