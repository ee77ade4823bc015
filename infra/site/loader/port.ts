/** What the host page's loader and the panel in its frame say to each other over their private port. */

/** The only two words that go by `window.postMessage`: the panel is there, and here is the port. */
export const READY = "deskbell:ready";

export interface Init {
  type: "deskbell:init";
  /** The host's storage under this source, lent to a frame that may have been refused its own. */
  kept: Record<string, string>;
  page: PageSeen;
  open: boolean;
  attributes: Record<string, string> | null;
}

export interface PageSeen {
  url: string;
  title: string;
}

export type ToPanel =
  | { t: "open"; on: boolean }
  | { t: "set"; attributes: Record<string, string> }
  | { t: "draft"; text: string }
  | { t: "sign-out" }
  | { t: "page"; page: PageSeen }
  | { t: "kept"; key: string; value: string | null }
  | { t: "refreshed"; id: number; kept: Record<string, string> }
  | { t: "locked"; id: number }
  | { t: "unlockable"; id: number }
  | { t: "heard"; message: unknown };

export type ToHost =
  | { t: "unread"; count: number; text?: string }
  | { t: "close" }
  /** Whether a chat is open: then the next page opens the panel by itself. */
  | { t: "live"; on: boolean }
  | { t: "event"; name: string; told?: unknown }
  | { t: "keep"; key: string; value: string | null }
  | { t: "refresh"; id: number }
  | { t: "lock"; id: number; name: string }
  | { t: "unlock"; id: number }
  | { t: "say"; message: unknown };
