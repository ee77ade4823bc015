/** Words by language, numbers and times by `Intl`. A word with a count has one form per plural the language knows. */

export type Lang = "en" | "zh-CN";
export type Plural = { readonly one?: string; readonly other: string };
export type Words = Readonly<Record<string, string | Plural>>;

type Holes<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Forms<Word> = Word extends Plural ? Word["other"] | Extract<Word["one"], string> | "{n}" : Word;
type Given<Word> = Record<Holes<Forms<Word>>, string | number>;
/** What must be said besides the key: nothing for a plain word. */
type Told<Word> = [Holes<Forms<Word>>] extends [never] ? [] : [given: Given<Word>];

/** The same keys in another language. */
export type Translated<English extends Words> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};

/** One app's words behind the shared ones. A call, so that a bundle leaves out the words of an app that is not in it. */
export function joined<Shared extends object, Own extends object>(
  shared: Shared,
  own: Own,
): Omit<Shared, keyof Own> & Own {
  return { ...shared, ...own };
}

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

/** The first of what was asked for that there are words for: the setting, then what the browser prefers. */
export function pickLang(...asked: (string | null | undefined)[]): Lang {
  const preferred = asked.concat(globalThis.navigator?.languages ?? []);
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag ?? "")) return "zh-CN";
    if (/^en\b/i.test(tag ?? "")) return "en";
  }
  return "en";
}

export function directionOf(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
}

export class I18n<English extends Words> {
  readonly lang: Lang;
  readonly #words: Translated<English>;
  readonly #formats = new Map<string, unknown>();
  readonly #zone: string | undefined;

  constructor(lang: Lang, words: Translated<English>, zone?: string) {
    this.lang = lang;
    this.#words = words;
    this.#zone = zone;
  }

  t<Key extends keyof English & string>(key: Key, ...[given]: Told<English[Key]>): string {
    const word: string | Plural = this.#words[key];
    const filled = (given ?? {}) as Record<string, string | number>;
    const form = typeof word === "string" ? word : this.#plural(word, Number(filled["n"]));
    return form.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = filled[name];
      if (value === undefined) return hole;
      return typeof value === "number" ? this.number(value) : value;
    });
  }

  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    return this.#format("n", options, () => new Intl.NumberFormat(this.lang, options)).format(value);
  }

  /** `10:37`, in the reader's zone. */
  clock(at: string | number | Date): string {
    return this.date(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  date(
    at: string | number | Date,
    options: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" },
  ): string {
    const zoned = this.#zone === undefined ? options : { timeZone: this.#zone, ...options };
    return this.#format("d", zoned, () => new Intl.DateTimeFormat(this.lang, zoned)).format(new Date(at));
  }

  /** "Today", "yesterday", or the date; `now` in milliseconds. */
  day(at: string | number | Date, now: number): string {
    const key = (moment: number | Date) =>
      this.date(moment, { year: "numeric", month: "2-digit", day: "2-digit" });
    const moment = new Date(at);
    for (const back of [0, 1]) {
      if (key(now - back * 86_400_000) === key(moment)) return this.relative(-back, "day");
    }
    const sameYear = this.date(now, { year: "numeric" }) === this.date(moment, { year: "numeric" });
    return this.date(moment, { month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) });
  }

  relative(count: number, unit: Intl.RelativeTimeFormatUnit): string {
    return this.#format("r", {}, () => new Intl.RelativeTimeFormat(this.lang, { numeric: "auto" })).format(
      count,
      unit,
    );
  }

  #plural(word: Plural, count: number): string {
    const rules = this.#format("p", {}, () => new Intl.PluralRules(this.lang));
    return rules.select(count) === "one" ? (word.one ?? word.other) : word.other;
  }

  /** Making a formatter costs more than all else that a list does. */
  #format<Format>(kind: string, options: object, make: () => Format): Format {
    const key = kind + JSON.stringify(options);
    const made = this.#formats.get(key) ?? make();
    this.#formats.set(key, made);
    return made as Format;
  }
}

/** `0:38`, `12:04`, `1:02:11`: the same in every language. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
