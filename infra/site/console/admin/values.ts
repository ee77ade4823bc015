import type { Schema, Schemas } from "./schema.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What a new one begins with. */
export function beginning(schemas: Schemas, schema: Schema): Values {
  const fields = Object.entries(schema.properties ?? {});
  const values = fields.map(([name, given]) => [name, usual(schemas, name, given)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function usual(schemas: Schemas, name: string, given: Schema): unknown {
  const field = schemas.resolve(given);
  const told = given.default ?? field.default;
  if (told !== undefined) return told;
  if (name === "time_zone") return zoneHere();
  if (field.enum) return field.enum[0];
  switch (field.type) {
    case "object":
      return field.properties ? beginning(schemas, field) : undefined;
    case "array":
      return [];
    case "boolean":
      return false;
    default:
      return undefined;
  }
}

function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What of a thing can be changed, as it is. */
export function present(schema: Schema, thing: Values): Values {
  const names = Object.keys(schema.properties ?? {});
  return Object.fromEntries(names.filter((name) => name in thing).map((name) => [name, thing[name]]));
}

/** What is another now than it was: all that a change has to say. */
export function changed(before: Values, after: Values): Values {
  const told = Object.entries(after).filter(([name, value]) => !same(value, before[name]));
  return Object.fromEntries(told);
}

/** For a new one: what was left empty is left out, so that the house's own default holds. */
export function filled(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== "" && value !== null),
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

type Wording = string | Readonly<Record<string, string>>;

/** A text for every language, or one a language: as one a language. */
export function perLanguage(value: unknown, languages: readonly string[]): Record<string, string> {
  const told = (value ?? "") as Wording;
  return Object.fromEntries(
    languages.map((language) => [language, typeof told === "string" ? told : (told[language] ?? "")]),
  );
}

/** And back: the same everywhere is one text. */
export function worded(texts: Readonly<Record<string, string>>): Wording {
  const written = Object.entries(texts).filter(([, text]) => text !== "");
  const [first] = written;
  if (!first) return "";
  const alike =
    written.length === Object.keys(texts).length && written.every(([, text]) => text === first[1]);
  return alike ? first[1] : Object.fromEntries(written);
}

/** What the server says of a field or of what is in it, by its path. */
export function wrongAt(errors: readonly { path: string; problem: string }[], path: string): string | null {
  return errors.find((error) => error.path === path)?.problem ?? null;
}
