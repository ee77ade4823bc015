import { Button } from "../../ui/button.tsx";
import { t } from "../words.ts";
import { fieldWords, tt } from "./admin-words.ts";
import type { FieldProps, Option } from "./form.ts";
import { Box } from "./parts.tsx";
import { perLanguage, worded, wrongAt } from "./values.ts";

const LANGUAGES = ["en", "zh-CN"] as const;
const LANGUAGE_NAMES: Readonly<Record<string, string>> = { en: "English", "zh-CN": "中文" };

/** Names with a value each. */
export function Pairs({ name, path, value, context, set }: FieldProps) {
  const pairs = Object.entries((value ?? {}) as Record<string, string>);
  const put = (next: readonly (readonly [string, string])[]) => set(Object.fromEntries(next));
  return (
    <Box {...{ name, path, context }}>
      {pairs.map(([key, text], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place: its name is being written
        <div class="field-row" key={at}>
          <div class="field-columns">
            <input
              class="db-input"
              aria-label={t("attribute_name")}
              value={key}
              onInput={(event) =>
                put(pairs.map((one, place) => (place === at ? [event.currentTarget.value, text] : one)))
              }
            />
            <input
              class="db-input"
              aria-label={t("attribute_value")}
              value={text}
              onInput={(event) =>
                put(pairs.map((one, place) => (place === at ? [key, event.currentTarget.value] : one)))
              }
            />
          </div>
          <Button
            kind="quiet"
            icon="close"
            label={t("make_remove")}
            onClick={() => put(pairs.filter((_, place) => place !== at))}
          />
        </div>
      ))}
      <Button kind="quiet" icon="plus" onClick={() => put([...pairs, ["", ""]])}>
        {tt("add_row")}
      </Button>
    </Box>
  );
}

/** One after another, each chosen or none: a rotation's days. */
export function Cycle(props: FieldProps & { options: readonly Option[] }) {
  const { name, path, value, context, options, set } = props;
  const chosen = (Array.isArray(value) ? value : []) as readonly (string | null)[];
  return (
    <Box {...{ name, path, context }}>
      <ol class="field-cycle">
        {chosen.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
          <li key={at}>
            <select
              class="db-input"
              aria-label={`${fieldWords(name)} ${at + 1}`}
              value={one ?? ""}
              onChange={(event) =>
                set(chosen.map((other, place) => (place === at ? event.currentTarget.value || null : other)))
              }
            >
              <option value="">{tt("day_off")}</option>
              {options.map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </select>
            <Button
              kind="quiet"
              icon="close"
              label={t("make_remove")}
              onClick={() => set(chosen.filter((_, place) => place !== at))}
            />
          </li>
        ))}
      </ol>
      <Button kind="quiet" icon="plus" onClick={() => set([...chosen, options[0]?.[0] ?? null])}>
        {tt("add_row")}
      </Button>
    </Box>
  );
}

/** Any number of what is known. */
export function Several(props: FieldProps & { options: readonly Option[] }) {
  const { name, path, value, context, options, set } = props;
  const chosen = (Array.isArray(value) ? value : []) as readonly string[];
  return (
    <Box {...{ name, path, context }}>
      {options.length === 0 ? <small>{tt("nothing_to_choose")}</small> : null}
      <div class="field-several">
        {options.map(([id, label]) => (
          <label class="field-check" key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                set(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            <span dir="auto">{label}</span>
          </label>
        ))}
      </div>
    </Box>
  );
}

/** A text for people, in each language. */
export function WordingField({
  name,
  path,
  value,
  required,
  context,
  long,
  set,
}: FieldProps & { long: boolean }) {
  const texts = perLanguage(value, LANGUAGES);
  const isWrong = wrongAt(context.errors, path) !== null;
  return (
    <Box {...{ name, path, context }}>
      <div class="field-columns">
        {LANGUAGES.map((language) => (
          <label class="db-field" key={language}>
            <span lang={language}>{LANGUAGE_NAMES[language]}</span>
            <textarea
              class="db-input"
              lang={language}
              dir="auto"
              rows={long ? 2 : 1}
              aria-invalid={isWrong}
              required={required && language === "en"}
              value={texts[language] ?? ""}
              onInput={(event) => set(worded({ ...texts, [language]: event.currentTarget.value }))}
            />
          </label>
        ))}
      </div>
    </Box>
  );
}
