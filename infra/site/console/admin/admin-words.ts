import { computed } from "@preact/signals";
import { I18n } from "../../core/i18n.ts";
import { admin as en } from "../../locales/admin-en.ts";
import { admin as zh } from "../../locales/admin-zh.ts";
import { lang } from "../settings.ts";

type AdminWords = typeof en;
type Speak = I18n<AdminWords>["t"];

const words = computed(() => new I18n<AdminWords>(lang.value, lang.value === "en" ? en : zh));

/** A word of the pages for admins: they come with them. */
export const tt: Speak = ((...told: Parameters<Speak>) => words.value.t(...told)) as Speak;

/** What a field of a model is called; one that these pages don't know yet goes by its own name. */
export function fieldWords(name: string): string {
  return known(`field_${name}`) ?? plain(name);
}

export function choiceWords(field: string, value: string): string {
  return known(`choice_${field}_${value}`) ?? known(`choice_${value}`) ?? plain(value);
}

export function actWords(act: string): string {
  return known(`act_${act}`) ?? plain(act);
}

export function resourceWords(key: string): string {
  return known(`of_${key.replaceAll("-", "_")}`) ?? plain(key);
}

function known(key: string): string | null {
  return key in en ? tt(key as "none") : null;
}

function plain(name: string): string {
  const spaced = name.replaceAll(/[_-]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
