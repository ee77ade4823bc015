import { useEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { CallLog } from "../calls/call-log.tsx";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive } from "../desk/desk.ts";
import { FilingPanel } from "../filing/filing-panel.tsx";
import { addressOf } from "../router.ts";
import type { PastTalks } from "../thread/past.ts";
import { t } from "../words.ts";
import { Attributes } from "./attributes.tsx";
import { CategoryField } from "./category-field.tsx";
import { Contact } from "./contact.tsx";
import { Earlier } from "./earlier.tsx";
import { Answers, Facts, Filed } from "./facts.tsx";
import { Rated } from "./rated.tsx";
import { Segments } from "./segments.tsx";
import { Tags } from "./tags.tsx";
import { Timeline } from "./timeline.tsx";
import { Why } from "./why.tsx";

export interface ContextPaneProps {
  talk: Held;
  past: PastTalks;
  /** Where there is no room beside the talk, it is a drawer over it. */
  open: boolean;
  onClose(): void;
  filing: boolean;
  onFiling(on: boolean): void;
  onFiled(): void;
}

export function ContextPane(props: ContextPaneProps) {
  const { talk, past, open, onClose, filing, onFiling, onFiled } = props;
  const desk = useDesk();
  const pane = useRef<HTMLElement>(null);
  const { session } = talk;
  const editable = desk.isMine(session) && desk.can("session.edit") && session.state !== "closed";
  useEffect(() => {
    if (open) pane.current?.focus();
  }, [open]);
  return (
    <aside
      ref={pane}
      class="context"
      data-open={open}
      aria-label={t("context")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) onClose();
      }}
    >
      <div class="context-who">
        <Avatar name={session.customer.name} size={40} />
        <div>
          <h2 dir="auto">
            <a
              class="customer-link"
              href={addressOf("customers", session.customer.id)}
              title={t("customer_page")}
            >
              {session.customer.name}
            </a>
          </h2>
          <small>{session.customer.verified ? t("verified") : t("not_verified")}</small>
        </div>
        <span class="context-close">
          <Button kind="quiet" icon="close" label={t("close")} onClick={onClose} />
        </span>
      </div>
      {desk.isMine(session) && isLive(session) ? (
        <section class="context-part">
          {filing ? (
            <>
              <FilingPanel talk={talk} onFiled={onFiled} />
              <Button kind="quiet" onClick={() => onFiling(false)}>
                {t("later")}
              </Button>
            </>
          ) : (
            <Button icon="tag" onClick={() => onFiling(true)}>
              {session.disposition ? t("file_again") : t("file_now")}
            </Button>
          )}
        </section>
      ) : null}
      {editable ? <CategoryField talk={talk} /> : null}
      {session.disposition ? <Filed filing={session.disposition} /> : null}
      {session.rating ? <Rated rating={session.rating} /> : null}
      <Contact session={session} />
      <Tags talk={talk} editable={editable} />
      <Answers session={session} />
      <Attributes talk={talk} editable={editable} />
      <Facts session={session} but={editable ? "category" : ""} />
      <CallLog talk={talk} />
      <Earlier past={past} />
      <Why talk={talk} />
      <Course talk={talk} />
    </aside>
  );
}

/** How it went so far: folded, for whoever wants to know. */
function Course({ talk }: { talk: Held }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="context-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("course")}</summary>
      {open ? (
        <>
          <Segments session={talk.session} />
          <Timeline session={talk.session} />
        </>
      ) : null}
    </details>
  );
}
