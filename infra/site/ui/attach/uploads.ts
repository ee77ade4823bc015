import { ApiError, type Rest } from "../../core/rest.ts";
import type { Attachment, AttachmentOpened, FileKind } from "../../proto/types.gen.ts";
import { fitted, kindOf, LARGEST } from "./limits.ts";

/** A file on its way into a talk. */
export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly kind: FileKind;
  /** From 0 to 1. */
  readonly share: number;
  /** Why it didn't arrive; null while it may. */
  readonly code: string | null;
}

interface Work {
  file: File;
  facts: { duration_ms?: number; waveform?: number[] };
  stop: AbortController;
}

export interface UploadsOptions {
  rest: Pick<Rest, "post">;
  /** Where it goes; may first have to begin. */
  session(): Promise<string>;
  say(session_id: string, attachment: Attachment): void;
  onChange(): void;
}

/** What is in the way of a file, by a code of its own. */
class Hindrance extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Files go one after another, in the order they were chosen; what fails stays until it is tried again or dismissed. */
export class Uploads {
  #list: readonly Upload[] = [];
  readonly #work = new Map<number, Work>();
  readonly #options: UploadsOptions;
  #count = 0;
  #running = false;

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  get list(): readonly Upload[] {
    return this.#list;
  }

  add(files: Iterable<File>): void {
    for (const file of files) this.#enter(file, kindOf(file), {});
  }

  addVoice(file: File, facts: Work["facts"]): void {
    this.#enter(file, "voice", facts);
  }

  /** Stops it, or forgets it. */
  cancel(id: number): void {
    this.#work.get(id)?.stop.abort();
    this.#work.delete(id);
    this.#list = this.#list.filter((one) => one.id !== id);
    this.#options.onChange();
  }

  /** Signing out: nothing of this person's goes on. */
  clear(): void {
    for (const { id } of this.#list) this.cancel(id);
  }

  again(id: number): void {
    const work = this.#work.get(id);
    if (!work) return;
    work.stop = new AbortController();
    this.#change(id, { code: null, share: 0 });
    void this.#run();
  }

  #enter(file: File, kind: FileKind, facts: Work["facts"]): void {
    this.#count += 1;
    const id = this.#count;
    const code = file.size > LARGEST[kind] ? "attachment_too_large" : file.size === 0 ? "file_empty" : null;
    this.#work.set(id, { file, facts, stop: new AbortController() });
    this.#list = [...this.#list, { id, name: file.name, kind, share: 0, code }];
    this.#options.onChange();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) await this.#one(next);
    this.#running = false;
  }

  #next(): Upload | undefined {
    return this.#list.find(({ code }) => code === null);
  }

  async #one({ id, kind }: Upload): Promise<void> {
    const work = this.#work.get(id);
    if (!work) return;
    const { signal } = work.stop;
    try {
      const session_id = await this.#options.session();
      const attachment = await this.#sent(id, kind, work, session_id);
      if (signal.aborted) return;
      this.cancel(id);
      this.#options.say(session_id, attachment);
    } catch (failure) {
      if (!signal.aborted) this.#change(id, { code: codeOf(failure) });
    }
  }

  async #sent(id: number, kind: FileKind, work: Work, session_id: string): Promise<Attachment> {
    const { rest } = this.#options;
    const { file, facts, stop } = work;
    const engine = await import("./engine.ts");
    const made = await engine.prepared(file, kind, fitted);
    const { attachment_id, upload } = await rest.post<AttachmentOpened>(
      "/v1/attachments",
      { session_id, name: made.name, size: made.blob.size, kind: made.kind, ...made.facts, ...facts },
      { signal: stop.signal },
    );
    const share = (done: number) => this.#change(id, { share: done });
    await engine.posted(upload, made, share, stop.signal).catch((status: number) => {
      throw new Hindrance(status === 0 ? "no_connection" : "upload_refused");
    });
    return rest.post<Attachment>(
      `/v1/attachments/${encodeURIComponent(attachment_id)}/complete`,
      {},
      { signal: stop.signal },
    );
  }

  #change(id: number, told: Partial<Upload>): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, ...told } : one));
    this.#options.onChange();
  }
}

function codeOf(failure: unknown): string {
  return failure instanceof ApiError || failure instanceof Hindrance ? failure.code : "no_connection";
}
