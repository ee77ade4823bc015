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
  /** What `parent_id` names in a list that is a tree of its own. */
  siblings?: readonly Option[];
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

/** The kind of thing that stands in the same list. */
export const SIBLINGS = "siblings";

/** What a field that names another thing can name: not the thing itself. */
export function optionsIn({ references, self, id, siblings }: FormContext, to: string): readonly Option[] {
  if (to === SIBLINGS) return siblings ?? [];
  return references.options(to).filter(([one]) => to !== self || one !== id);
}
