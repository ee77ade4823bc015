import { useId, useState } from "preact/hooks";
import type { FieldKind, Form, FormAnswer, FormField } from "../../proto/types.gen.ts";
import { Button } from "../button.tsx";
import { type Answers, answerOf } from "./answers.ts";
import type { ContentTools } from "./tools.ts";

const TYPES = {
  text: "text",
  number: "number",
  date: "date",
  email: "email",
  phone: "tel",
} as const satisfies Record<Exclude<FieldKind, "select" | "checkbox">, string>;

interface FormBoxProps {
  form: Form;
  tools: ContentTools;
  isAnswered: boolean;
  /** Given to the one who is to answer. */
  onAnswer?: ((answer: FormAnswer) => void) | undefined;
}

/** Questions: to answer, or what was asked. */
export function FormBox({ form, tools, isAnswered, onAnswer }: FormBoxProps) {
  const [answers, setAnswers] = useState<Answers>({});
  const [isSent, setSent] = useState(false);
  const done = isAnswered || isSent;
  if (!onAnswer || done)
    return (
      <div class="db-card">
        {form.title && <b dir="auto">{form.title}</b>}
        <ul>
          {form.fields.map(({ name, label }) => (
            <li key={name} dir="auto">
              {label}
            </li>
          ))}
        </ul>
        <small>{tools.say(done ? "form_answered" : "form_open")}</small>
      </div>
    );
  return (
    <form
      class="db-card db-form"
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        onAnswer({ values: answerOf(form, answers) });
      }}
    >
      {form.title && <b dir="auto">{form.title}</b>}
      {form.fields.map((field) => (
        <Question
          key={field.name}
          field={field}
          tools={tools}
          value={answers[field.name]}
          set={(value) => setAnswers({ ...answers, [field.name]: value })}
        />
      ))}
      <Button kind="primary" submit>
        {tools.say("send")}
      </Button>
    </form>
  );
}

interface QuestionProps {
  field: FormField;
  tools: ContentTools;
  value: string | boolean | undefined;
  set(value: string | boolean): void;
}

/** One question of any form. */
export function Question({ field, tools, value, set }: QuestionProps) {
  const id = useId();
  const { label, kind = "text", required = false, options = [] } = field;
  const name = required ? `${label} (${tools.say("form_required")})` : label;
  if (kind === "checkbox")
    return (
      <label class="db-check">
        <input
          type="checkbox"
          required={required}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        <span dir="auto">{name}</span>
      </label>
    );
  const text = typeof value === "string" ? value : "";
  return (
    <label class="db-field" for={id}>
      <span dir="auto">{name}</span>
      {kind === "select" ? (
        <select
          id={id}
          class="db-input"
          required={required}
          value={text}
          onChange={(event) => set(event.currentTarget.value)}
        >
          <option value="">{tools.say("form_choose")}</option>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          class="db-input"
          // One of several, of which the types of JSX want to know only one.
          {...({ type: TYPES[kind] } as { type: "text" })}
          {...(kind === "number" ? { step: "any" } : {})}
          dir="auto"
          maxLength={1_000}
          required={required}
          value={text}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </label>
  );
}

/** What was answered, under the form's own words. */
export function AnswerBox(props: { answer: FormAnswer; form: Form | null; tools: ContentTools }) {
  const { answer, form, tools } = props;
  const labels = new Map(form?.fields.map(({ name, label }) => [name, label]));
  const words = (value: unknown) => {
    if (typeof value === "boolean") return tools.say(value ? "form_yes" : "form_no");
    return typeof value === "number" ? tools.number(value) : String(value);
  };
  return (
    <div class="db-card">
      <b>{form?.title ?? tools.say("form_answer")}</b>
      <dl>
        {Object.entries(answer.values).map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{labels.get(name) ?? name}</dt>
            <dd dir="auto">{words(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
