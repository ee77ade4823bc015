import type { AttachmentLink } from "../proto/types.gen.ts";
import type { Rest } from "./rest.ts";

/** Less than this left, and it may die on the way. */
const SPARE_MS = 30_000;

/** Addresses of files. They need no token and die soon: one that still lives is given again, else a fresh one is asked for. */
export class FileLinks {
  readonly #rest: Pick<Rest, "get">;
  readonly #now: () => number;
  readonly #held = new Map<string, { asked: Promise<AttachmentLink>; until: number }>();

  /** `now` in milliseconds by the server's clock. */
  constructor(rest: Pick<Rest, "get">, now: () => number) {
    this.#rest = rest;
    this.#now = now;
  }

  /** Rejects with `ApiError` where there is no such file any more. */
  async of(attachment_id: string): Promise<string> {
    const held = this.#held.get(attachment_id);
    if (held && held.until > this.#now()) return (await held.asked).url;
    const asked = this.#rest.get<AttachmentLink>(`/v1/attachments/${encodeURIComponent(attachment_id)}/link`);
    this.#held.set(attachment_id, { asked, until: Number.POSITIVE_INFINITY });
    try {
      const { url, expires_at } = await asked;
      this.#held.set(attachment_id, { asked, until: Date.parse(expires_at) - SPARE_MS });
      return url;
    } catch (failure) {
      this.#held.delete(attachment_id);
      throw failure;
    }
  }

  /** The address didn't lead to the file: the next one is a fresh one. */
  forget(attachment_id: string): void {
    this.#held.delete(attachment_id);
  }
}
