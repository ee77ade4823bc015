import { useEffect, useRef } from "preact/hooks";

interface EmojiGridProps {
  emoji: readonly string[];
  label: string;
  takesFocus: boolean;
  onPick(emoji: string): void;
}

/** Pictures to choose from: one stop for Tab, walked through by the arrow keys. */
export function EmojiGrid({ emoji, label, takesFocus, onPick }: EmojiGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const isThere = emoji.length > 0;
  useEffect(() => {
    if (isThere && takesFocus) grid.current?.querySelector("button")?.focus();
  }, [isThere, takesFocus]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons is no form's fieldset
    <div ref={grid} class="db-emoji" role="group" aria-label={label} onKeyDown={walk}>
      {emoji.map((one, place) => (
        <button key={one} type="button" tabIndex={place === 0 ? 0 : -1} onClick={() => onPick(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}

function walk(event: KeyboardEvent): void {
  const grid = event.currentTarget as HTMLElement;
  const all = [...grid.querySelectorAll("button")];
  const here = all.indexOf(document.activeElement as HTMLButtonElement);
  const { direction, gridTemplateColumns } = getComputedStyle(grid);
  const onwards = direction === "rtl" ? -1 : 1;
  const columns = gridTemplateColumns.split(" ").length;
  const steps: Record<string, number> = {
    ArrowRight: onwards,
    ArrowLeft: -onwards,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -here,
    End: all.length - 1 - here,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  all[here + step]?.focus();
}
