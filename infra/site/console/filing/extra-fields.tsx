import { useId } from "preact/hooks";
import type { SchemeField } from "../../proto/types.gen.ts";
import { t, worded } from "../words.ts";
import { type FieldValue, type FieldValues, shownFields } from "./fields.ts";

interface ExtraFieldsProps {
  fields: readonly SchemeField[];
  values: FieldValues;
  set(values: FieldValues): void;
}

/** What a choice asks besides. */
export function ExtraFields({ fields, values, set }: ExtraFieldsProps) {
  return (
    <>
      {shownFields(fields, values).map((field) => (
        <OneField
          key={field.name}
          field={field}
          value={values[field.name]}
          set={(value) => set({ ...values, [field.name]: value })}
        />
      ))}
    </>
  );
}

interface OneFieldProps {
  field: SchemeField;
  value: FieldValue | undefined;
  set(value: FieldValue): void;
}

function OneField({ field, value, set }: OneFieldProps) {
  const id = useId();
  const { kind = "text", label, required = false, options = [] } = field;
  const name = required ? `${worded(label)} *` : worded(label);
  if (kind === "checkbox")
    return (
      <label class="filing-check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        {name}
      </label>
    );
  return (
    <div class="db-field">
      <label class="filing-label" for={id}>
        {name}
      </label>
      <Control {...{ id, kind, options, required, value, set }} />
    </div>
  );
}

interface ControlProps extends Omit<OneFieldProps, "field"> {
  id: string;
  kind: NonNullable<SchemeField["kind"]>;
  options: readonly string[];
  required: boolean;
}

function Control({ id, kind, options, required, value, set }: ControlProps) {
  const common = { id, class: "db-input", required, value: String(value ?? "") };
  switch (kind) {
    case "select":
      return (
        <select {...common} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{t("form_choose")}</option>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    case "number":
      return (
        <input {...common} type="number" step="any" onInput={(event) => set(numberIn(event.currentTarget))} />
      );
    case "date":
      return <input {...common} type="date" onInput={(event) => set(event.currentTarget.value)} />;
    default:
      return <input {...common} type="text" dir="auto" onInput={(event) => set(event.currentTarget.value)} />;
  }
}

function numberIn({ value, valueAsNumber }: HTMLInputElement): FieldValue {
  return value === "" || Number.isNaN(valueAsNumber) ? "" : valueAsNumber;
}
