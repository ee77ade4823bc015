import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "../core/i18n.ts";
import { idleEndsAt } from "../core/store.ts";
import { Button } from "../ui/button.tsx";
import { useNow } from "../ui/hooks.ts";
import { Notice } from "../ui/notice.tsx";
import { useLasting } from "./hooks.ts";
import type { Given } from "./visit.ts";

const PATIENCE_MS = 2_000;

/** Says that there is no connection, once that lasts: a blink is nobody's business. */
export function Banner({ visit, conversation }: Given) {
  const { speech } = visit;
  const { client } = conversation;
  const { link } = client;
  const isDown = useLasting(link === "connecting" || link === "waiting", PATIENCE_MS);
  const isOnline = useOnline();
  if (link === "reload") {
    return (
      <Notice kind="warning">
        <span>{speech.t("link_reload")}</span>
        <Button onClick={() => location.reload()}>{speech.t("retry")}</Button>
      </Notice>
    );
  }
  const endsAt = conversation.live && idleEndsAt(conversation.live);
  if (!isDown)
    return endsAt ? <StillThere visit={visit} conversation={conversation} endsAt={endsAt} /> : null;
  return (
    <Notice kind="warning">
      <span>{speech.t(isOnline ? "link_trying" : "link_offline")}</span>
      {isOnline && (
        <Button kind="quiet" icon="retry" label={speech.t("retry")} onClick={() => client.retry()} />
      )}
    </Notice>
  );
}

/** Silence ends it: one tap is as good as a word. */
function StillThere({ visit, conversation, endsAt }: Given & { endsAt: string }) {
  const { speech } = visit;
  const now = useNow(conversation.client.clock);
  const time = stopwatch((Date.parse(endsAt) - now) / 1000);
  return (
    <Notice kind="warning">
      <span>{speech.t("idle_ask", { time })}</span>
      <Button onClick={() => conversation.stillHere()}>{speech.t("idle_here")}</Button>
    </Notice>
  );
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return isOnline;
}
