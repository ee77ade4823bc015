import type { FormAnswer, Message } from "../../proto/types.gen.ts";
import { adopt } from "../adopt.ts";
import { RichText } from "../text.tsx";
import { CardBox, FileBox, LinkBox } from "./boxes.tsx";
import sheet from "./contents.lazy.css";
import { AnswerBox, FormBox } from "./form.tsx";
import { Film, Picture } from "./picture.tsx";
import type { ContentTools } from "./tools.ts";
import { Voice } from "./voice.tsx";

adopt(sheet);

export interface ContentProps {
  message: Message;
  tools: ContentTools;
  /** The message that this one answers, where it is held. */
  quoted: Message | null;
  /** Given to the one who is to answer a form. */
  onAnswer?: ((answer: FormAnswer) => void) | undefined;
}

/** What a message says, of whatever kind, and the words below it. */
export function Content(props: ContentProps) {
  const { message, tools } = props;
  if (message.recalled_at) return <RichText text={tools.say("recalled")} />;
  const thing = thingOf(props);
  if (!thing && message.text === null) return <RichText text={tools.say("unsupported")} />;
  return (
    <>
      {thing}
      {message.text ? <RichText text={message.text} /> : null}
    </>
  );
}

function thingOf({ message, tools, quoted, onAnswer }: ContentProps) {
  const { attachment, link, card, form, form_answer, answer_seq } = message;
  if (attachment) return <File attachment={attachment} tools={tools} />;
  if (link) return <LinkBox link={link} />;
  if (card) return <CardBox card={card} tools={tools} />;
  if (form) return <FormBox {...{ form, tools, onAnswer }} isAnswered={answer_seq !== null} />;
  if (form_answer) return <AnswerBox answer={form_answer} form={quoted?.form ?? null} tools={tools} />;
  return null;
}

function File(props: { attachment: NonNullable<Message["attachment"]>; tools: ContentTools }) {
  switch (props.attachment.kind) {
    case "image":
      return <Picture {...props} />;
    case "video":
      return <Film {...props} />;
    case "voice":
      return <Voice {...props} />;
    default:
      return <FileBox {...props} />;
  }
}

/** A picture stands by itself, without the paper that words stand on. */
export function isBare({ attachment, text, recalled_at }: Message): boolean {
  const pictures = attachment?.kind === "image" || attachment?.kind === "video";
  return pictures && !text && !recalled_at;
}
