import type { CallOutcome } from "../../proto/types.gen.ts";

/** How a call went, the usual first. */
export const OUTCOMES: readonly CallOutcome[] = [
  "answered",
  "no_answer",
  "busy",
  "voicemail",
  "wrong_number",
  "cancelled",
  "failed",
];
