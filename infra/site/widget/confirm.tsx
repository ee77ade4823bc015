import { useRef } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { useModal } from "../ui/dialog.tsx";
import { useEscape } from "./hooks.ts";
import type { Given } from "./visit.ts";

/** Before a talk is ended, or a place in the queue given up. */
export function AskEnd({ visit, conversation, onYes, onNo }: Given & { onYes(): void; onNo(): void }) {
  const { speech } = visit;
  const { live } = conversation;
  if (!live) return null;
  const waits = live.session?.state === "queued";
  return (
    <Confirm
      ask={speech.t(waits ? "leave_ask" : "end_ask")}
      detail={speech.t(waits ? "leave_detail" : "end_detail")}
      yes={speech.t(waits ? "leave" : "end")}
      no={speech.t(waits ? "leave_stay" : "end_stay")}
      onYes={onYes}
      onNo={onNo}
    />
  );
}

interface ConfirmProps {
  ask: string;
  detail: string;
  yes: string;
  no: string;
  onYes(): void;
  onNo(): void;
}

/** Asks before what can't be undone; the harmless answer has the focus. */
function Confirm({ ask, detail, yes, no, onYes, onNo }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useModal(dialog);
  useEscape(true, onNo);
  return (
    <dialog class="confirm" ref={dialog} aria-labelledby="confirm-ask" aria-describedby="confirm-detail">
      <h2 id="confirm-ask">{ask}</h2>
      <p id="confirm-detail">{detail}</p>
      <div class="confirm-answers">
        <Button onClick={onNo}>{no}</Button>
        <Button kind="danger" onClick={onYes}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}
