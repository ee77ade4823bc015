import type { IconName } from "../../ui/icon.tsx";

/** What an admin keeps: drawn where the server has it and the reader may read it. */
export interface Resource {
  key: string;
  icon: IconName;
}

export const RESOURCES: readonly Resource[] = [
  { key: "agents", icon: "person" },
  { key: "queues", icon: "queue" },
  { key: "units", icon: "menu" },
  { key: "skills", icon: "star" },
  { key: "sources", icon: "globe" },
  { key: "categories", icon: "tag" },
  { key: "schemes", icon: "check" },
  { key: "canned-answers", icon: "chat" },
  { key: "tags", icon: "tag" },
  { key: "break-reasons", icon: "pause" },
  { key: "shift-templates", icon: "clock" },
  { key: "rotations", icon: "retry" },
  { key: "business-hours", icon: "clock" },
  { key: "holiday-calendars", icon: "note" },
  { key: "roles", icon: "lock" },
  { key: "alert-rules", icon: "bell" },
  { key: "webhooks", icon: "link" },
];
