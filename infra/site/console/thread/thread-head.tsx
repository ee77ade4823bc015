import type { Ref } from "preact";
import { stopwatch } from "../../core/i18n.ts";
import { idleEndsAt } from "../../core/store.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive } from "../desk/desk.ts";
import { addressOf } from "../router.ts";
import { t } from "../words.ts";
import { EndButton } from "./end-button.tsx";
import { HoldButton } from "./hold-button.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { TransferButton } from "./transfer-button.tsx";

export interface ThreadHeadProps {
  talk: Held;
  endButton: Ref<HTMLButtonElement>;
  holdButton: Ref<HTMLButtonElement>;
  transferButton: Ref<HTMLButtonElement>;
  onContext(): void;
}

export function ThreadHead({ talk, endButton, holdButton, transferButton, onContext }: ThreadHeadProps) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const about = [desk.names.category(session.category_id), desk.names.source(session.source_id)].filter(
    Boolean,
  );
  return (
    <header class="thread-head">
      <a
        class="db-button square thread-back"
        href={addressOf("inbox")}
        aria-label={t("back")}
        title={t("back")}
      >
        <Icon name="back" />
      </a>
      <Avatar name={session.customer.name} />
      <div class="thread-who">
        <h2>
          <span dir="auto">{session.customer.name}</span>
          {session.customer.verified ? (
            <span class="tag" data-kind="jade">
              <Icon name="check" size={12} /> {t("verified")}
            </span>
          ) : null}
          <StateTag talk={talk} />
        </h2>
        <p>
          <span class="thread-about">{about.join(" · ")}</span>
          <Copyable number={session.number} />
        </p>
      </div>
      {desk.isMine(session) && isLive(session) ? (
        <>
          <span class="thread-acts">
            <HoldButton talk={talk} button={holdButton} />
            <TransferButton talk={talk} button={transferButton} />
            <MoreMenu talk={talk} />
          </span>
          <EndButton session_id={session_id} button={endButton} />
        </>
      ) : null}
      <span class="thread-more">
        <Button kind="quiet" icon="panel" label={t("context")} onClick={onContext} />
      </span>
    </header>
  );
}

function StateTag({ talk }: { talk: Held }) {
  const now = useDesk().now.value;
  const { state } = talk.session;
  const ends = idleEndsAt(talk);
  if (ends)
    return (
      <span class="tag" data-kind="amber">
        {t("idle_ends", { time: stopwatch((Date.parse(ends) - now) / 1000) })}
      </span>
    );
  if (state === "active") return null;
  return (
    <span class="tag" data-kind={state === "wrap_up" || state === "queued" ? "amber" : "plain"}>
      {t(`state_${state}`)}
    </span>
  );
}

export function Copyable({ number }: { number: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(number);
      toast({ text: t("copied", { what: number }) });
    } catch {
      toast({ text: t("not_copied"), kind: "warning" });
    }
  };
  return (
    <button
      type="button"
      class="copyable"
      title={t("copy_number")}
      aria-label={`${t("copy_number")}: ${number}`}
      onClick={copy}
    >
      {number}
      <Icon name="copy" size={13} />
    </button>
  );
}
