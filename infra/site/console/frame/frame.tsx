import type { ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { useDesk } from "../desk/context.ts";
import type { Desk } from "../desk/desk.ts";
import { addressOf, type Page, place } from "../router.ts";
import { t } from "../words.ts";
import { announced } from "./alerts.ts";
import { LinkBar } from "./link-bar.tsx";
import { LoadMeter } from "./load-meter.tsx";
import { MeMenu } from "./me-menu.tsx";
import { QueueChips } from "./queue-chips.tsx";
import { StatusMenu } from "./status-menu.tsx";
import { LangSwitch, ThemeSwitch } from "./switches.tsx";

export interface FrameProps {
  statusButton: Ref<HTMLButtonElement>;
  onPalette(): void;
  onKeys(): void;
  children: ComponentChildren;
}

export function Frame({ statusButton, onPalette, onKeys, children }: FrameProps) {
  return (
    <div class="frame">
      <Rail />
      <header class="top">
        <StatusMenu button={statusButton} />
        <LoadMeter />
        <QueueChips />
        <button type="button" class="db-button find" onClick={onPalette}>
          <Icon name="search" size={16} />
          <span>{t("palette_hint")}</span>
          <span class="db-key">{isMac() ? "⌘K" : "Ctrl K"}</span>
        </button>
        <span class="top-switches">
          <LangSwitch />
          <ThemeSwitch />
        </span>
        <MeMenu onKeys={onKeys} />
      </header>
      <div class="under-top">
        <LinkBar />
        {children}
      </div>
      <div class="db-hidden" aria-live="polite">
        {announced.value}
      </div>
    </div>
  );
}

function Rail() {
  const desk = useDesk();
  const unread = desk.mine.value.reduce((sum, talk) => sum + desk.unread(talk), 0);
  return (
    <nav class="rail" aria-label={t("main_nav")}>
      <img class="rail-mark" src="../icon.svg" alt="" width="32" height="32" />
      <RailLink page="inbox" icon="inbox" name={t("inbox")} count={unread} />
      <RailLink page="records" icon="search" name={t("records")} count={0} />
      {desk.can("report.live") ? <RailLink page="live" icon="gauge" name={t("live")} count={0} /> : null}
      {desk.can("shift.read") ? (
        <RailLink page="roster" icon="calendar" name={t("roster")} count={0} />
      ) : null}
      {keepsSettings(desk) ? <RailLink page="settings" icon="gear" name={t("settings")} count={0} /> : null}
    </nav>
  );
}

function RailLink(props: { page: Page; icon: IconName; name: string; count: number }) {
  const { page, icon, name, count } = props;
  const here = place.value.page === page;
  return (
    <a
      class="rail-link"
      href={addressOf(page)}
      title={name}
      aria-label={count > 0 ? `${name}, ${t("unread", { n: count })}` : name}
      {...(here ? { "aria-current": "page" as const } : {})}
    >
      <Icon name={icon} size={20} />
      {count > 0 ? <b class="rail-count db-number">{count > 99 ? "99+" : count}</b> : null}
    </a>
  );
}

/** Whoever may change something that is not a talk. */
export function keepsSettings(desk: Desk): boolean {
  return ["queue", "category", "source", "scheme", "agent", "unit", "canned_answer"].some(
    (kind) => desk.can(`${kind}.edit`) || desk.can(`${kind}.manage`),
  );
}

export function isMac(): boolean {
  return /Mac|iP(hone|ad)/.test(navigator.platform);
}
