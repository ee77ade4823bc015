import { adopt } from "../../ui/adopt.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { isMac } from "../frame/frame.tsx";
import { KEYS } from "../keys.ts";
import { shortcuts } from "../settings.ts";
import { t } from "../words.ts";
import sheet from "./palette.lazy.css";

adopt(sheet);

export function KeyList({ onClose }: { onClose(): void }) {
  const on = shortcuts.value === "on";
  return (
    <Dialog title={t("keys")} onClose={onClose}>
      <h2 class="dialog-title">{t("keys")}</h2>
      <dl class="key-list">
        {KEYS.map(([keys, word]) => (
          <>
            <dt>
              <span class="db-key">{isMac() ? keys.replace("Alt+", "⌥").replace("Ctrl+", "⌘") : keys}</span>
            </dt>
            <dd>{t(word)}</dd>
          </>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={() => {
            shortcuts.value = on ? "off" : "on";
          }}
        />{" "}
        {t("setting_shortcuts")}
      </label>
      <div class="dialog-acts">
        <Button onClick={onClose}>{t("close")}</Button>
      </div>
    </Dialog>
  );
}
