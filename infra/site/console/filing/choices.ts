import type { SchemeOption } from "../../proto/types.gen.ts";

/** An option that can be filed, with the words above it. */
export interface Choice {
  option: SchemeOption;
  label: string;
  path: readonly string[];
}

type Speak = (label: SchemeOption["label"]) => string;

/** The leaves of a scheme in its own order. */
export function choicesOf(options: readonly SchemeOption[], speak: Speak): Choice[] {
  const byId = new Map(options.map((option) => [option.option_id, option]));
  const branches = new Set(options.map(({ parent_id }) => parent_id));
  return options
    .filter(({ option_id }) => !branches.has(option_id))
    .map((option) => ({ option, label: speak(option.label), path: pathOf(option, byId, speak) }));
}

/** Those that have every word asked for, in their label in any language or above it. */
export function matching(choices: readonly Choice[], asked: string): Choice[] {
  const words = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ option, label, path }) => {
    const labels = typeof option.label === "string" ? [option.label] : Object.values(option.label);
    const text = [label, ...path, ...labels].join(" ").toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface ChoiceGroup {
  /** Null: those used most recently. */
  name: string | null;
  choices: readonly Choice[];
}

/** As shown: what this agent used last first, then the tree, no choice twice. */
export function grouped(choices: readonly Choice[], often: readonly string[]): ChoiceGroup[] {
  const favourites = often.flatMap((id) => choices.filter(({ option }) => option.option_id === id));
  const rest = choices.filter((choice) => !favourites.includes(choice));
  const groups: { name: string | null; choices: Choice[] }[] = [];
  if (favourites.length > 0) groups.push({ name: null, choices: favourites });
  for (const choice of rest) {
    const name = choice.path.join(" › ");
    const there = groups.find((group) => group.name === name);
    if (there) there.choices.push(choice);
    else groups.push({ name, choices: [choice] });
  }
  return groups;
}

function pathOf(option: SchemeOption, byId: ReadonlyMap<string, SchemeOption>, speak: Speak): string[] {
  const path: string[] = [];
  for (let above = byId.get(option.parent_id ?? ""); above && path.length < 8; ) {
    path.unshift(speak(above.label));
    above = byId.get(above.parent_id ?? "");
  }
  return path;
}
