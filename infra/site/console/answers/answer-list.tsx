import { t, worded } from "../words.ts";
import type { Answers } from "./use-answers.ts";

/** Above the field; the field keeps the focus. */
export function AnswerList({ id, answers }: { id: string; answers: Answers }) {
  const { found, at, choose } = answers;
  if (found.length === 0) return null;
  return (
    <div class="answers" role="listbox" id={id} aria-label={t("answers_list")}>
      {found.map((answer, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field's Enter chooses it
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, by aria-activedescendant
        <div
          key={answer.id}
          id={`${id}-${place}`}
          class="answer"
          role="option"
          aria-selected={place === at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(answer)}
        >
          <code>/{answer.code}</code>
          <b dir="auto">{worded(answer.title)}</b>
          <span dir="auto">{worded(answer.text)}</span>
        </div>
      ))}
    </div>
  );
}
