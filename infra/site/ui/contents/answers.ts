import type { FormField } from "../../proto/types.gen.ts";

/** By the fields' names, as typed. */
export type Answers = Readonly<Record<string, string | boolean>>;

/** As the server takes it: numbers are numbers, what was left empty is left out. A box that nobody ticked says no. */
export function answerOf(
  form: { readonly fields: readonly FormField[] },
  answers: Answers,
): Record<string, string | number | boolean> {
  const values: Record<string, string | number | boolean> = {};
  for (const { name, kind = "text" } of form.fields) {
    const told = answers[name];
    if (kind === "checkbox") values[name] = told === true;
    else if (typeof told === "string" && told.trim() !== "")
      values[name] = kind === "number" ? Number(told) : told.trim();
  }
  return values;
}
