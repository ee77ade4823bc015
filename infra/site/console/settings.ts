import { effect, type Signal, signal } from "@preact/signals";
import { directionOf, type Lang, pickLang } from "../core/i18n.ts";
import { browserStore } from "../ui/browser.ts";

export type Theme = "auto" | "light" | "dark";

export const kept = browserStore();

const PREFIX = "deskbell:";

/** How this browser's person wants the console. Each is kept at once, and other tabs follow. */
export const lang = setting<Lang>("lang", (told) => pickLang(told));
export const theme = setting<Theme>("theme", (told) => (told === "light" || told === "dark" ? told : "auto"));
export const sound = switched("sound", false);
export const notifications = switched("notifications", false);
export const shortcuts = switched("shortcuts", true);
/** Enter breaks the line, and Ctrl or ⌘ with Enter sends. */
export const ctrlEnter = switched("ctrl-enter", false);

effect(() => {
  const root = document.documentElement;
  root.lang = lang.value;
  root.dir = directionOf(lang.value);
  if (theme.value === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme.value;
});

function setting<Value extends string>(name: string, read: (told: string | null) => Value): Signal<Value> {
  const key = PREFIX + name;
  const held = signal(read(kept.get(key)));
  let first = true;
  effect(() => {
    const value = held.value;
    if (!first) kept.set(key, value);
    first = false;
  });
  addEventListener("storage", (event) => {
    if (event.key === key) held.value = read(event.newValue);
  });
  return held;
}

function switched(name: string, usual: boolean): Signal<"on" | "off"> {
  return setting(name, (told) => (told === "on" || told === "off" ? told : usual ? "on" : "off"));
}
