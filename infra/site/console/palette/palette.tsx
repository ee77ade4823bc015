import { useEffect, useId, useRef, useState } from "preact/hooks";
import { adopt } from "../../ui/adopt.ts";
import { isComposing } from "../../ui/composer.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { t } from "../words.ts";
import { type Action, found } from "./actions.ts";
import sheet from "./palette.lazy.css";

adopt(sheet);

/** One field for every session at hand and everything that can be done. */
export function Palette({ actions, onClose }: { actions: readonly Action[]; onClose(): void }) {
  const id = useId();
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const shown = found(actions, asked);
  const here = Math.min(at, shown.length - 1);
  const run = (action: Action | undefined) => {
    if (!action) return;
    onClose();
    action.run();
  };
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      run(shown[here]);
    } else if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      setAt((here + step + shown.length) % shown.length);
    }
  };
  useEffect(() => {
    list.current?.children[here]?.scrollIntoView({ block: "nearest" });
  }, [here]);
  return (
    <Dialog title={t("palette")} class="palette" onClose={onClose}>
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[here] ? `${id}-${here}` : undefined}
          aria-label={t("palette_hint")}
          placeholder={t("palette_hint")}
          autofocus
          value={asked}
          onInput={(event) => {
            setAsked(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} class="palette-list" role="listbox" id={`${id}-list`} aria-label={t("palette")}>
        {shown.map((action, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field's Enter runs it
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, by aria-activedescendant
          <div
            key={action.id}
            id={`${id}-${place}`}
            class="palette-item"
            role="option"
            aria-selected={place === here}
            onClick={() => run(action)}
          >
            <Icon name={action.icon} size={16} />
            <span dir="auto">{action.label}</span>
            {action.keys ? <span class="db-key">{action.keys}</span> : null}
          </div>
        ))}
      </div>
      {shown.length === 0 ? <p class="palette-none">{t("palette_none")}</p> : null}
    </Dialog>
  );
}
