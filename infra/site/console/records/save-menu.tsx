import { useState } from "preact/hooks";
import type { Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { t, whyNot } from "../words.ts";
import { download, type Format, printed } from "./transcript.ts";

const FORMATS: readonly Format[] = ["text", "html", "json"];

/** On paper, or as a file; internal notes only where one says so. */
export function SaveMenu({ session }: { session: Session }) {
  const [staff, setStaff] = useState(false);
  const [busy, setBusy] = useState(false);
  const { session_id, number } = session;
  const act = async (does: () => Promise<void>) => {
    setBusy(true);
    try {
      await does();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  return (
    <span class="record-acts no-print">
      <Button
        icon="print"
        label={t("print")}
        disabled={busy}
        onClick={() => act(() => printed(session_id, staff))}
      >
        <span class="act-name">{t("print")}</span>
      </Button>
      <Menu
        label={t("download")}
        face={
          <>
            <Icon name="download" />
            <span class="act-name">{t("download")}</span>
          </>
        }
      >
        {(close) => (
          <>
            {FORMATS.map((format) => (
              <button
                key={format}
                type="button"
                role="menuitem"
                class="db-item"
                onClick={() => {
                  close();
                  void act(() => download(session_id, number, format, staff));
                }}
              >
                <Icon name="file" size={16} /> {t(`download_${format}`)}
              </button>
            ))}
            <button
              type="button"
              role="menuitemcheckbox"
              aria-checked={staff}
              class="db-item"
              onClick={() => setStaff(!staff)}
            >
              <Icon name="note" size={16} /> {t("download_notes")}
              <span class="switch" data-on={staff} />
            </button>
          </>
        )}
      </Menu>
    </span>
  );
}
