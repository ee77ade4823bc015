import { useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { type Answers, answerOf } from "../ui/contents/answers.ts";
import { Question } from "../ui/contents/form.tsx";
import type { Given } from "./visit.ts";
import { toolsOf } from "./wording.ts";

/** What the chosen category asks before the talk. Answered, the field for the first words takes its place. */
export function Asked({ visit, conversation }: Given) {
  const [answers, setAnswers] = useState<Answers>({});
  const { questions, speech } = visit;
  const tools = toolsOf(speech, conversation.links);
  return (
    <form
      class="db-card db-form asked"
      onSubmit={(event) => {
        event.preventDefault();
        visit.draft.answers = answerOf({ fields: questions }, answers);
      }}
    >
      {questions.map((field) => (
        <Question
          key={field.name}
          field={field}
          tools={tools}
          value={answers[field.name]}
          set={(value) => setAnswers({ ...answers, [field.name]: value })}
        />
      ))}
      <Button kind="primary" submit>
        {speech.t("asked_go_on")}
      </Button>
    </form>
  );
}
