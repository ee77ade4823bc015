import type { ComponentChildren } from "preact";
import type { Made } from "./made.ts";

export interface FieldsProps {
  onMade(made: Made): void;
  children: ComponentChildren;
}

interface TextProps {
  label: string;
  value: string;
  set(value: string): void;
  required?: boolean | undefined;
  first?: boolean | undefined;
  wrong?: string | null | undefined;
  most?: number;
}

/** A line of text with its label above, and what is wrong with it below. */
export function Text({ label, value, set, required, first, wrong, most = 200 }: TextProps) {
  return (
    <label class="db-field">
      <span>{label}</span>
      <input
        class="db-input"
        dir="auto"
        autofocus={first === true}
        required={required === true}
        maxLength={most}
        aria-invalid={Boolean(wrong)}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {wrong ? <small role="alert">{wrong}</small> : null}
    </label>
  );
}
