import { useEffect, useRef, useState } from "preact/hooks";
import type { NewRating } from "../proto/types.gen.ts";
import { adopt } from "../ui/adopt.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import sheet from "./rating.lazy.css";
import type { Given } from "./visit.ts";
import { why } from "./wording.ts";

export type RatingProps = Given & { session_id: string };

adopt(sheet);

const SCORES = [1, 2, 3, 4, 5] as const;
const PRAISE = ["friendly", "quick", "clear"] as const;
const BLAME = ["slow", "unclear", "unfriendly"] as const;
const GOOD = 4;
const LONGEST_COMMENT = 2_000;

/** First the score alone; the rest, all of it free to leave out, once there is one. */
export function Rating({ session_id, visit, conversation }: RatingProps) {
  const { speech } = visit;
  const [given, setGiven] = useState<NewRating | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isScored = given !== null;
  useEffect(() => {
    if (isScored) form.current?.scrollIntoView({ block: "nearest" });
  }, [isScored]);
  const send = async (event: Event) => {
    event.preventDefault();
    if (!given || busy) return;
    setBusy(true);
    setRefusal(await conversation.rate(session_id, { ...given, comment: given.comment?.trim() ?? "" }));
    setBusy(false);
  };
  return (
    <form class="rating" ref={form} aria-label={speech.t("rating_ask")} onSubmit={send}>
      <fieldset class="scores">
        <legend>{speech.t("rating_ask")}</legend>
        {SCORES.map((score) => (
          <label key={score} title={speech.t(`rating_${score}`)} data-on={score <= (given?.score ?? 0)}>
            <input
              type="radio"
              name="score"
              aria-label={`${score}: ${speech.t(`rating_${score}`)}`}
              checked={given?.score === score}
              onChange={() => setGiven({ ...given, score, tags: [] })}
            />
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3-5.6 3 1.2-6.2L3 9.5l6.3-.8z" />
            </svg>
          </label>
        ))}
      </fieldset>
      {given && (
        <>
          <p class="rating-said">{speech.t(`rating_${given.score as 1 | 2 | 3 | 4 | 5}`)}</p>
          <More visit={visit} given={given} onChange={setGiven} />
        </>
      )}
      {refusal && <Notice kind="error">{speech.t("not_done", { why: why(speech, refusal) })}</Notice>}
      <div class="rating-acts">
        <Button kind="quiet" onClick={() => conversation.skipRating(session_id)}>
          {speech.t("rating_skip")}
        </Button>
        {given && (
          <Button kind="primary" submit disabled={busy}>
            {speech.t("rating_send")}
          </Button>
        )}
      </div>
    </form>
  );
}

interface MoreProps extends Pick<Given, "visit"> {
  given: NewRating;
  onChange(given: NewRating): void;
}

function More({ visit, given, onChange }: MoreProps) {
  const { speech } = visit;
  const { solved, tags = [], comment = "" } = given;
  return (
    <>
      <fieldset class="chips">
        <legend>{speech.t("rating_solved")}</legend>
        {([true, false] as const).map((answer) => (
          <label key={String(answer)}>
            <input
              type="radio"
              name="solved"
              checked={solved === answer}
              onChange={() => onChange({ ...given, solved: answer })}
            />
            {speech.t(answer ? "rating_yes" : "rating_no")}
          </label>
        ))}
      </fieldset>
      <fieldset class="chips">
        <legend>{speech.t("rating_tags")}</legend>
        {(given.score >= GOOD ? PRAISE : BLAME).map((tag) => (
          <label key={tag}>
            <input
              type="checkbox"
              checked={tags.includes(tag)}
              onChange={() =>
                onChange({
                  ...given,
                  tags: tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag],
                })
              }
            />
            {speech.t(`tag_${tag}`)}
          </label>
        ))}
      </fieldset>
      <textarea
        class="db-input"
        rows={2}
        dir="auto"
        maxLength={LONGEST_COMMENT}
        aria-label={speech.t("rating_comment")}
        placeholder={speech.t("rating_comment")}
        value={comment}
        onInput={(event) => onChange({ ...given, comment: event.currentTarget.value })}
      />
    </>
  );
}
