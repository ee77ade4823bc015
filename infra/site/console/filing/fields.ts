import type { SchemeField } from "../../proto/types.gen.ts";

export type FieldValue = string | number | boolean;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** Those that are asked now: a field may be shown only where another was answered so. */
export function shownFields(fields: readonly SchemeField[], values: FieldValues): SchemeField[] {
  const shown: SchemeField[] = [];
  for (const field of fields) {
    const { shown_if } = field;
    const isOpen = shown_if === null || shown_if === undefined;
    const above = isOpen || shown.some(({ name }) => name === shown_if.field);
    if (above && (isOpen || values[shown_if.field] === shown_if.equals)) shown.push(field);
  }
  return shown;
}

/** What of the answers belongs to what is asked; an answer to a question that is gone is none. */
export function answersTo(fields: readonly SchemeField[], values: FieldValues): Record<string, FieldValue> {
  const told = shownFields(fields, values).map(({ name }) => [name, values[name]] as const);
  return Object.fromEntries(
    told.filter((pair): pair is [string, FieldValue] => pair[1] !== undefined && pair[1] !== ""),
  );
}

/** Whether something that must be answered is not. */
export function isMissing(fields: readonly SchemeField[], values: FieldValues): boolean {
  const told = answersTo(fields, values);
  return shownFields(fields, values).some(({ name, required }) => required && !(name in told));
}
