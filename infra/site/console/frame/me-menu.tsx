import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { signOut } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { ctrlEnter, notifications, shortcuts, sound } from "../settings.ts";
import { t, whyNot } from "../words.ts";
import { allowNotifications, play } from "./alerts.ts";

/** Who one is, how one is told of work, and the way out. */
export function MeMenu({ onKeys }: { onKeys(): void }) {
  const desk = useDesk();
  const [leaving, setLeaving] = useState(false);
  const busy = desk.live.value.length + desk.wrapUps.value.length + desk.entries.value.length;
  return (
    <>
      <Menu
        class="me"
        label={t("me_menu", { name: desk.me.alias })}
        face={<Avatar name={desk.me.alias} size={28} />}
      >
        {(close) => (
          <>
            <p class="me-name">
              <b>{desk.me.alias}</b>
              <small>{desk.me.email}</small>
            </p>
            <Settings />
            <Item
              icon="keyboard"
              onClick={() => {
                close();
                onKeys();
              }}
            >
              {t("keys")}
            </Item>
            <Item
              icon="out"
              onClick={() => {
                close();
                if (busy > 0) setLeaving(true);
                else void leave(desk.forget.bind(desk));
              }}
            >
              {t("sign_out")}
            </Item>
          </>
        )}
      </Menu>
      {leaving ? <Leaving onClose={() => setLeaving(false)} /> : null}
    </>
  );
}

function Settings() {
  return (
    <>
      <Switch
        on={sound.value === "on"}
        icon="bell"
        set={(on) => {
          sound.value = on ? "on" : "off";
          if (on) play("work");
        }}
      >
        {t("setting_sound")}
      </Switch>
      <Switch
        on={notifications.value === "on"}
        icon="alert"
        set={async (on) => {
          const allowed = on && (await allowNotifications());
          notifications.value = allowed ? "on" : "off";
          if (on && !allowed) toast({ text: t("notifications_refused"), kind: "warning" });
        }}
      >
        {t("setting_notifications")}
      </Switch>
      <Switch
        on={shortcuts.value === "on"}
        icon="keyboard"
        set={(on) => {
          shortcuts.value = on ? "on" : "off";
        }}
      >
        {t("setting_shortcuts")}
      </Switch>
      <Switch
        on={ctrlEnter.value === "on"}
        icon="send"
        set={(on) => {
          ctrlEnter.value = on ? "on" : "off";
        }}
      >
        {t("setting_ctrl_enter")}
      </Switch>
      <hr class="me-line" />
    </>
  );
}

interface ItemProps {
  icon: Parameters<typeof Icon>[0]["name"];
  children: ComponentChildren;
}

function Item({ icon, onClick, children }: ItemProps & { onClick(): void }) {
  return (
    <button type="button" role="menuitem" class="db-item" onClick={onClick}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

function Switch({ icon, on, set, children }: ItemProps & { on: boolean; set(on: boolean): void }) {
  return (
    <button type="button" role="menuitemcheckbox" aria-checked={on} class="db-item" onClick={() => set(!on)}>
      <Icon name={icon} />
      {children}
      <span class="switch" data-on={on} />
    </button>
  );
}

async function leave(forget: () => void): Promise<void> {
  try {
    await signOut();
    forget();
  } catch (failure) {
    toast({ text: whyNot(failure), kind: "error" });
  }
}

/** Nobody leaves customers behind without having read it. */
function Leaving({ onClose }: { onClose(): void }) {
  const desk = useDesk();
  const talks = desk.live.value.length;
  const filings = desk.wrapUps.value.length;
  const unsent = desk.entries.value.length;
  return (
    <Dialog title={t("sign_out_title")} onClose={onClose}>
      <h2 class="dialog-title">{t("sign_out_title")}</h2>
      <ul class="dialog-facts">
        {talks > 0 ? <li>{t("sign_out_talks", { n: talks })}</li> : null}
        {filings > 0 ? <li>{t("sign_out_filings", { n: filings })}</li> : null}
        {unsent > 0 ? <li>{t("sign_out_unsent", { n: unsent })}</li> : null}
      </ul>
      <p>{t("sign_out_stays")}</p>
      <div class="dialog-acts">
        <Button onClick={onClose}>{t("sign_out_stay")}</Button>
        <Button
          kind="danger"
          onClick={() => {
            onClose();
            void leave(desk.forget.bind(desk));
          }}
        >
          {t("sign_out_anyway")}
        </Button>
      </div>
    </Dialog>
  );
}
