import { Button } from "../../ui/button.tsx";
import { t } from "../words.ts";
import { choiceWords, tt } from "./admin-words.ts";
import { type FieldProps, type FormContext, type Option, optionsIn, SIBLINGS } from "./form.ts";
import { LineField } from "./line-field.tsx";
import { Cycle, Pairs, Several, WordingField } from "./list-fields.tsx";
import { Box, YesNo } from "./parts.tsx";
import type { Schema, Shape } from "./schema.ts";
import { beginning, type Values } from "./values.ts";

interface FieldsProps {
  context: FormContext;
  schema: Schema;
  values: Values;
  path?: string;
  set(values: Values): void;
}

/** Every field of an object, in the order that its model has them. */
export function SchemaFields({ context, schema, values, path = "", set }: FieldsProps) {
  const required = new Set(schema.required ?? []);
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, field]) =>
        field.const === undefined ? (
          <Field
            key={name}
            name={name}
            path={path ? `${path}.${name}` : name}
            field={field}
            value={values[name]}
            required={required.has(name)}
            context={context}
            set={(value) => set({ ...values, [name]: value })}
          />
        ) : null,
      )}
    </>
  );
}

function Field(props: FieldProps) {
  const { name, field, context } = props;
  const shape = context.schemas.shape(name, field, context.self);
  const nullable = context.schemas.isNullable(context.schemas.resolve(field));
  switch (shape.is) {
    case "yes_no":
      return <YesNo {...props} />;
    case "group":
      return <Group {...props} schema={shape.schema} nullable={nullable} />;
    case "rows":
      return <Rows {...props} schema={shape.schema} nullable={nullable} />;
    case "cycle":
      return <Cycle {...props} options={optionsIn(context, shape.to)} />;
    case "keyed":
      return <Keyed {...props} shape={shape} />;
    case "pairs":
      return <Pairs {...props} />;
    case "choices":
      return <Several {...props} options={shape.of.map((one) => [one, choiceWords(name, one)])} />;
    case "references":
      return <Several {...props} options={optionsIn(context, shape.to)} />;
    case "wording":
      return <WordingField {...props} long={shape.long} />;
    case "unknown":
      return null;
    default:
      return <LineField {...props} shape={shape} nullable={nullable} />;
  }
}

function Group(props: FieldProps & { schema: Schema; nullable: boolean }) {
  const { name, path, value, context, schema, nullable, set } = props;
  const on = value !== null && value !== undefined;
  return (
    <Box {...{ name, path, context }}>
      {nullable ? (
        <label class="field-check">
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => set(event.currentTarget.checked ? beginning(context.schemas, schema) : null)}
          />
          <span>{tt("in_use")}</span>
        </label>
      ) : null}
      {on || !nullable ? (
        <div class="field-columns">
          <SchemaFields {...{ context, schema, path, set }} values={(value ?? {}) as Values} />
        </div>
      ) : null}
    </Box>
  );
}

/** The same list for each of a few keys, as windows for each weekday. */
function Keyed(props: FieldProps & { shape: Extract<Shape, { is: "keyed" }> }) {
  const { name, path, value, context, shape, set } = props;
  const held = (value ?? {}) as Readonly<Record<string, unknown>>;
  const put = (key: string, list: unknown) => {
    const { [key]: _, ...others } = held;
    set(Array.isArray(list) && list.length > 0 ? { ...others, [key]: list } : others);
  };
  return (
    <Box {...{ name, path, context }}>
      {shape.keys.map((key) => (
        <Field
          key={key}
          name={key}
          path={`${path}.${key}`}
          field={shape.items}
          value={held[key] ?? []}
          required={false}
          context={context}
          set={(list) => put(key, list)}
        />
      ))}
    </Box>
  );
}

function Rows(props: FieldProps & { schema: Schema; nullable: boolean }) {
  const { name, path, value, context, schema, nullable, set } = props;
  const rows = (Array.isArray(value) ? value : []) as readonly Values[];
  const siblings = rows.flatMap(({ option_id: id }): Option[] => (typeof id === "string" ? [[id, id]] : []));
  const among = schema.properties?.["option_id"] ? { ...context, self: SIBLINGS, siblings } : context;
  const put = (next: readonly Values[]) => set(next.length === 0 && nullable ? null : next);
  return (
    <Box {...{ name, path, context }}>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div class="field-row" key={at}>
          <div class="field-columns">
            <SchemaFields
              context={among}
              schema={schema}
              path={`${path}.${at}`}
              values={row}
              set={(next) => put(rows.map((one, place) => (place === at ? next : one)))}
            />
          </div>
          <Button
            kind="quiet"
            icon="close"
            label={t("make_remove")}
            onClick={() => put(rows.filter((_, place) => place !== at))}
          />
        </div>
      ))}
      <Button kind="quiet" icon="plus" onClick={() => put([...rows, beginning(context.schemas, schema)])}>
        {tt("add_row")}
      </Button>
    </Box>
  );
}
