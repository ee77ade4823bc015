import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { WaitTime } from "../desk/wait.tsx";
import { t, whyNot } from "../words.ts";

/** In place of where one writes, while nobody has the session. */
export function TakeBar({ talk }: { talk: Held }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const wait = desk.waitOf(talk);
  const take = async () => {
    setBusy(true);
    setWrong(null);
    try {
      await desk.command({ type: "take_session", session_id: talk.session_id });
      await desk.lists.readOne(talk.session_id);
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
    void desk.lists.read("queue");
  };
  return (
    <div class="take">
      {wrong !== null ? <Notice kind="error">{whyNot(wrong)}</Notice> : null}
      <div class="take-line">
        <p>
          {t("take_why")} {wait ? <WaitTime wait={wait} /> : null}
        </p>
        <Button kind="primary" disabled={busy} onClick={take}>
          {t("take")}
        </Button>
      </div>
    </div>
  );
}
