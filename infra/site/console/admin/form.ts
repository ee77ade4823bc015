import type { FieldError } from "../../proto/types.gen.ts";
import type { References } from "./references.ts";
import type { Schema, Schemas } from "./schema.ts";

export interface FormContext {
  schemas: Schemas;
  references: References;
  /** What the form is about. */
  self: string;
  /** The id of the one that is changed: it is not its own parent. */
  id: string | null;
  errors: readonly FieldError[];
}

export interface FieldProps {
  name: string;
  path: string;
  field: Schema;
  value: unknown;
  required: boolean;
  context: FormContext;
  set(value: unknown): void;
}

export type Option = readonly [id: string, label: string];

/** What a field that names another thing can name: not the thing itself. */
export function optionsIn({ references, self, id }: FormContext, to: string): readonly Option[] {
  return references.options(to).filter(([one]) => to !== self || one !== id);
}
