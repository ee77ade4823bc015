import { useState } from "preact/hooks";
import type { FieldKind, FormField } from "../../../proto/types.gen.ts";
import { Button } from "../../../ui/button.tsx";
import { t } from "../../words.ts";
import { type FieldsProps, Text } from "./parts.tsx";

const KINDS: readonly FieldKind[] = ["text", "number", "date", "email", "phone", "select", "checkbox"];
const MOST_QUESTIONS = 12;

interface Question {
  label: string;
  kind: FieldKind;
  required: boolean;
  /** One a line. */
  options: string;
}

const NEW: Question = { label: "", kind: "text", required: false, options: "" };

/** As the message carries it: a name for each, and options for what is chosen from. */
export function asField({ label, kind, required, options }: Question, place: number): FormField {
  const field: FormField = { name: `q${place + 1}`, label: label.trim(), kind, required };
  if (kind !== "select") return field;
  return { ...field, options: [...new Set(options.split("\n").map((one) => one.trim()))].filter(Boolean) };
}

/** Questions that the customer answers in the chat. */
export function FormFields({ onMade, children }: FieldsProps) {
  const [title, setTitle] = useState("");
  const [questions, setQuestions] = useState<readonly Question[]>([NEW]);
  const change = (place: number, part: Partial<Question>) =>
    setQuestions(questions.map((one, at) => (at === place ? { ...one, ...part } : one)));
  const send = (event: Event) => {
    event.preventDefault();
    const fields = questions.map(asField);
    onMade({ kind: "form", form: { fields, ...(title.trim() ? { title: title.trim() } : {}) } });
  };
  return (
    <form class="maker-fields" onSubmit={send}>
      <Text label={t("make_title_optional")} value={title} set={setTitle} first />
      {questions.map((question, place) => (
        <OneQuestion
          // biome-ignore lint/suspicious/noArrayIndexKey: a question is its place
          key={place}
          place={place}
          question={question}
          set={(part) => change(place, part)}
          onRemove={
            questions.length > 1 ? () => setQuestions(questions.filter((_, at) => at !== place)) : undefined
          }
        />
      ))}
      {questions.length < MOST_QUESTIONS ? (
        <Button kind="quiet" icon="plus" onClick={() => setQuestions([...questions, NEW])}>
          {t("make_question_add")}
        </Button>
      ) : null}
      {children}
    </form>
  );
}

interface OneQuestionProps {
  place: number;
  question: Question;
  set(part: Partial<Question>): void;
  onRemove: (() => void) | undefined;
}

function OneQuestion({ place, question, set, onRemove }: OneQuestionProps) {
  const { label, kind, required, options } = question;
  return (
    <fieldset class="maker-rows">
      <legend>{t("make_question", { n: place + 1 })}</legend>
      <div class="maker-question">
        <input
          class="db-input"
          dir="auto"
          required
          maxLength={100}
          aria-label={t("make_question", { n: place + 1 })}
          value={label}
          onInput={(event) => set({ label: event.currentTarget.value })}
        />
        <select
          class="db-input"
          aria-label={t("make_kind")}
          value={kind}
          onChange={(event) => set({ kind: event.currentTarget.value as FieldKind })}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`make_kind_${one}`)}
            </option>
          ))}
        </select>
        {onRemove ? <Button kind="quiet" icon="close" label={t("make_remove")} onClick={onRemove} /> : null}
      </div>
      {kind === "select" ? (
        <label class="db-field">
          <span>{t("make_options")}</span>
          <textarea
            class="db-input"
            dir="auto"
            rows={3}
            required
            value={options}
            onInput={(event) => set({ options: event.currentTarget.value })}
          />
        </label>
      ) : null}
      <label class="maker-required">
        <input
          type="checkbox"
          checked={required}
          onChange={(event) => set({ required: event.currentTarget.checked })}
        />
        {t("make_required")}
      </label>
    </fieldset>
  );
}
