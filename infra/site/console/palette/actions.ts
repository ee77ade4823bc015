import type { IconName } from "../../ui/icon.tsx";

/** Something that can be done now. */
export interface Action {
  id: string;
  icon: IconName;
  label: string;
  /** Other words it is found by. */
  also?: string;
  keys?: string;
  run(): void;
}

/** Those with every word asked for, in the order given. */
export function found(actions: readonly Action[], asked: string): Action[] {
  const words = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter(({ label, also = "" }) => {
    const text = `${label} ${also}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
