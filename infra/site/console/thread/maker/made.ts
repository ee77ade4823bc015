import type { Said } from "../../../core/outbox.ts";

/** What an agent makes besides words and files. */
export type Made = Extract<Said, { kind: "link" | "card" | "form" }>;
export type MadeKind = Made["kind"];
