import type { FileLinks } from "../../core/links.ts";

/** The words these parts need; each app has them in its reader's language. */
export type ContentWord =
  | "attach"
  | "cancel"
  | "close"
  | "discard"
  | "download"
  | "file_gone"
  | "form_answer"
  | "form_answered"
  | "form_choose"
  | "form_no"
  | "form_open"
  | "form_required"
  | "form_yes"
  | "kind_file"
  | "kind_form"
  | "kind_image"
  | "kind_video"
  | "kind_voice"
  | "open"
  | "pause"
  | "play"
  | "position"
  | "quoted_gone"
  | "recalled"
  | "retry"
  | "send"
  | "speed"
  | "unsupported"
  | "uploading"
  | "voice_cancel"
  | "voice_recording"
  | "voice_send";

export interface ContentTools {
  say(word: ContentWord): string;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  readonly links: FileLinks;
}
