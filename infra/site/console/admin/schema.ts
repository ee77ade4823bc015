/** JSON Schema as pydantic writes it for this house's bodies: what a form is drawn from. */
export interface Schema {
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";
  enum?: readonly string[];
  const?: unknown;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  $ref?: string;
}

interface Operation {
  "x-permission"?: string;
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface Api {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, Schema>> };
}

/** How a value is written on a screen. */
export type Shape =
  | { is: "text"; long: boolean; time: boolean; most: number | undefined }
  | { is: "date" }
  | { is: "moment" }
  | { is: "number"; least: number | undefined; most: number | undefined; whole: boolean }
  | { is: "yes_no" }
  | { is: "choice"; of: readonly string[] }
  | { is: "choices"; of: readonly string[] }
  | { is: "wording"; long: boolean }
  | { is: "lines" }
  | { is: "rows"; schema: Schema }
  | { is: "group"; schema: Schema }
  | { is: "pairs" }
  | { is: "reference"; to: string }
  | { is: "references"; to: string }
  | { is: "cycle"; to: string }
  | { is: "keyed"; keys: readonly string[]; items: Schema }
  | { is: "unknown" };

/** Whom an id names, by the name of the field. */
const REFERENCES: readonly (readonly [RegExp, string])[] = [
  [/(^|_)queue_ids?$/, "queues"],
  [/(^|_)scheme_ids?$/, "schemes"],
  [/(^|_)unit_ids?$/, "units"],
  [/(^|_)source_ids?$/, "sources"],
  [/(^|_)category_ids?$/, "categories"],
  [/(^|_)(agent|manager)_ids?$/, "agents"],
  [/(^|_)role_ids?$/, "roles"],
  [/(^|_)template_ids?$/, "shift-templates"],
  [/(^|_)rotation_ids?$/, "rotations"],
  [/(^|_)business_hours_ids?$/, "business-hours"],
  [/(^|_)calendar_ids?$/, "holiday-calendars"],
  [/^skill$/, "skills"],
];
const LONG = new Set(["greeting", "closed_message", "consent", "text", "remark", "description"]);
const LONG_FROM = 300;
const TIME = /\[0-5\]|\\d\{2\}:\\d\{2\}/;

export class Schemas {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  has(method: string, path: string): boolean {
    return this.#api.paths[path]?.[method] !== undefined;
  }

  /** The path of one of a list, as the description names it. */
  one(list: string): string | null {
    return (
      Object.keys(this.#api.paths).find(
        (path) => /^\{\w+\}$/.test(path.slice(list.length + 1)) && path.startsWith(`${list}/`),
      ) ?? null
    );
  }

  permission(method: string, path: string): string | null {
    return this.#api.paths[path]?.[method]?.["x-permission"] ?? null;
  }

  /** What is to be sent, or null where nothing can be. */
  body(method: string, path: string): Schema | null {
    const content = this.#api.paths[path]?.[method]?.requestBody?.content;
    const schema = content?.["application/json"]?.schema;
    return schema ? this.resolve(schema) : null;
  }

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split("/").at(-1);
    const found = name === undefined ? undefined : this.#api.components.schemas[name];
    if (!found) return schema;
    const { $ref: _, ...own } = schema;
    return { ...this.resolve(found), ...own };
  }

  isNullable(schema: Schema): boolean {
    return optionsOf(schema).some(({ type }) => type === "null");
  }

  /** `self`: what the form is about, for a field that names another one of it. */
  shape(name: string, given: Schema, self: string): Shape {
    const told = this.resolve(given);
    const options = optionsOf(told)
      .filter(({ type }) => type !== "null")
      .map((one) => this.resolve(one));
    const [first] = options;
    if (!first) return { is: "unknown" };
    const texts = options.find(({ type, propertyNames }) => type === "object" && propertyNames);
    if (texts && options.length > 1) return { is: "wording", long: LONG.has(name) };
    const to = name === "parent_id" ? self : REFERENCES.find(([known]) => known.test(name))?.[1];
    return this.#plain(name, first, to);
  }

  #plain(name: string, schema: Schema, to: string | undefined): Shape {
    const { type, enum: of, maximum: most, minimum: least } = schema;
    if (of) return { is: "choice", of };
    switch (type) {
      case "boolean":
        return { is: "yes_no" };
      case "integer":
      case "number":
        return { is: "number", least, most, whole: type === "integer" };
      case "array":
        return this.#list(name, schema, to);
      case "object":
        return this.#object(schema);
      default:
        return to ? { is: "reference", to } : textShape(name, schema);
    }
  }

  #object(schema: Schema): Shape {
    const { properties, propertyNames, additionalProperties } = schema;
    if (properties) return { is: "group", schema };
    const keys = propertyNames && this.resolve(propertyNames).enum;
    const items = typeof additionalProperties === "object" ? this.resolve(additionalProperties) : null;
    if (keys && items?.type === "array") return { is: "keyed", keys, items };
    return { is: items ? "pairs" : "unknown" };
  }

  #list(name: string, schema: Schema, to: string | undefined): Shape {
    const items = this.resolve(schema.items ?? {});
    if (to && items.type === "string") return { is: "references", to };
    if (items.enum) return { is: "choices", of: items.enum };
    if (items.properties) return { is: "rows", schema: items };
    const choices = optionsOf(items);
    if (name === "days" && choices.some(({ type }) => type === "null"))
      return { is: "cycle", to: "shift-templates" };
    return items.type === "string" && !/ids?$/.test(name) ? { is: "lines" } : { is: "unknown" };
  }
}

function optionsOf(schema: Schema): readonly Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

function textShape(name: string, { format, maxLength, pattern }: Schema): Shape {
  if (format === "date") return { is: "date" };
  if (format === "date-time") return { is: "moment" };
  const long = LONG.has(name) || (maxLength ?? 0) >= LONG_FROM;
  return { is: "text", long, time: TIME.test(pattern ?? ""), most: maxLength };
}
