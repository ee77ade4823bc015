import { useId } from "preact/hooks";
import { t } from "../words.ts";
import { choiceWords, fieldWords, tt } from "./admin-words.ts";
import { type FieldProps, type Option, optionsIn } from "./form.ts";
import { Wrong } from "./parts.tsx";
import type { Shape } from "./schema.ts";
import { wrongAt } from "./values.ts";

type Line = Extract<Shape, { is: "text" | "date" | "moment" | "number" | "choice" | "reference" | "lines" }>;
type LineProps = FieldProps & { shape: Line; nullable: boolean };

/** One control with its label above, and what is wrong with it below. */
export function LineField(props: LineProps) {
  const { name, path, required, context } = props;
  const wrong = wrongAt(context.errors, path);
  const id = useId();
  const common = {
    id: `${id}-field`,
    class: "db-input",
    required,
    "aria-invalid": wrong !== null,
    ...(wrong === null ? {} : { "aria-describedby": id }),
  };
  return (
    <div class="db-field">
      <label class="field-label" for={`${id}-field`}>
        {fieldWords(name)}
        {required ? <abbr title={t("form_required")}> *</abbr> : null}
      </label>
      <Control {...props} common={common} />
      <Wrong id={id} wrong={wrong} />
    </div>
  );
}

interface Common {
  id: string;
  class: string;
  required: boolean;
  "aria-invalid": boolean;
}
type ControlProps = LineProps & { common: Common };

function Control(props: ControlProps) {
  const { name, shape, context } = props;
  switch (shape.is) {
    case "choice":
      return <Choice {...props} options={shape.of.map((one) => [one, choiceWords(name, one)])} />;
    case "reference":
      return <Choice {...props} options={optionsIn(context, shape.to)} />;
    case "number":
      return <NumberField {...props} shape={shape} />;
    case "lines":
      return <LinesField {...props} />;
    default:
      return <TextField {...props} shape={shape} />;
  }
}

function Choice({
  value,
  required,
  nullable,
  options,
  set,
  common,
}: ControlProps & { options: readonly Option[] }) {
  const chosen = typeof value === "string" ? value : "";
  const isOpen = nullable || !options.some(([id]) => id === chosen);
  return (
    <select
      {...common}
      value={chosen}
      onChange={(event) => set(event.currentTarget.value || (nullable ? null : ""))}
    >
      {isOpen ? <option value="">{required ? t("form_choose") : tt("none")}</option> : null}
      {options.map(([id, label]) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

type Of<Kind extends Line["is"]> = ControlProps & { shape: Extract<Line, { is: Kind }> };

function NumberField({ value, shape, nullable, set, common }: Of<"number">) {
  return (
    <input
      {...common}
      type="number"
      step={shape.whole ? 1 : "any"}
      min={shape.least}
      max={shape.most}
      value={typeof value === "number" ? String(value) : ""}
      onInput={(event) => {
        const told = event.currentTarget.value;
        set(told === "" ? (nullable ? null : undefined) : Number(told));
      }}
    />
  );
}

function LinesField({ value, set, common }: ControlProps) {
  const lines = (Array.isArray(value) ? value : []) as readonly string[];
  return (
    <textarea
      {...common}
      rows={3}
      dir="auto"
      placeholder={tt("one_a_line")}
      value={lines.join("\n")}
      onInput={(event) => set(event.currentTarget.value.split("\n"))}
      onBlur={() => set(lines.map((one) => one.trim()).filter(Boolean))}
    />
  );
}

function TextField({ name, value, shape, nullable, set, common }: Of<"text" | "date" | "moment">) {
  const text = typeof value === "string" ? value : "";
  const write = (told: string) => set(told || (nullable ? null : ""));
  if (shape.is === "moment")
    return (
      <input
        {...common}
        type="datetime-local"
        value={localOf(text)}
        onInput={(event) => write(instantOf(event.currentTarget.value))}
      />
    );
  if (shape.is === "date" || shape.time)
    return (
      <input
        {...common}
        type={shape.is === "date" ? "date" : "time"}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
    );
  if (shape.long)
    return (
      <textarea
        {...common}
        rows={3}
        dir="auto"
        maxLength={shape.most}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
    );
  return (
    <input
      {...common}
      type="text"
      autocomplete={name === "password" ? "new-password" : "off"}
      dir="auto"
      maxLength={shape.most}
      value={text}
      onInput={(event) => write(event.currentTarget.value)}
    />
  );
}

function localOf(instant: string): string {
  if (!instant) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instantOf(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().replace(/\.\d+Z$/, "Z");
}
