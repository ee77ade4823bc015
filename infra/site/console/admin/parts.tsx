import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { fieldWords } from "./admin-words.ts";
import type { FieldProps, FormContext } from "./form.ts";
import { wrongAt } from "./values.ts";

export function Wrong({ id, wrong }: { id: string; wrong: string | null }) {
  return wrong === null ? null : (
    <small class="field-wrong" id={id} role="alert">
      {wrong}
    </small>
  );
}

export function YesNo({ name, path, value, set, context }: FieldProps) {
  const id = useId();
  return (
    <label class="field-check">
      <input
        type="checkbox"
        checked={value === true}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      <span>{fieldWords(name)}</span>
      <Wrong id={id} wrong={wrongAt(context.errors, path)} />
    </label>
  );
}

interface BoxProps {
  name: string;
  path: string;
  context: FormContext;
  children: ComponentChildren;
}

/** Fields that belong together. */
export function Box({ name, path, context, children }: BoxProps) {
  const id = useId();
  return (
    <fieldset class="field-box">
      <legend>{fieldWords(name)}</legend>
      {children}
      <Wrong id={id} wrong={wrongAt(context.errors, path)} />
    </fieldset>
  );
}
