import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { ApiError } from "../../infra/site/core/rest.ts";
import { Uploads } from "../../infra/site/ui/attach/uploads.ts";

/** The store's side of a form that is posted. */
class FakePost {
  static made: FakePost[] = [];
  static status = 204;
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 0;
  form: FormData | null = null;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;

  constructor() {
    FakePost.made.push(this);
  }

  open(): void {}

  send(form: FormData): void {
    this.form = form;
  }

  abort(): void {
    this.onabort?.();
  }

  ends(): void {
    this.status = FakePost.status;
    this.onload?.();
  }
}

const PLAIN = { type: "text/plain" };
const later = () => new Promise((resolve) => setTimeout(resolve, 5));

function stage() {
  const said: [string, string][] = [];
  const asked: [string, unknown][] = [];
  const refuses = { open: null as ApiError | null };
  const post = async (path: string, body: unknown) => {
    asked.push([path, body]);
    if (refuses.open && path === "/v1/attachments") throw refuses.open;
    const id = `a${asked.filter(([to]) => to === "/v1/attachments").length}`;
    if (path !== "/v1/attachments") return { attachment_id: path.split("/")[3], kind: "file" };
    return { attachment_id: id, upload: { url: "https://files.example", fields: { key: id } } };
  };
  const uploads = new Uploads({
    rest: { post: post as never },
    session: async () => "s1",
    say: (session_id, { attachment_id }) => said.push([session_id, attachment_id]),
    onChange: () => undefined,
  });
  return { uploads, said, asked, refuses };
}

describe("files on their way", () => {
  beforeEach(() => {
    FakePost.made = [];
    FakePost.status = 204;
    (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest = FakePost;
  });
  afterEach(() => {
    delete (globalThis as { XMLHttpRequest?: unknown }).XMLHttpRequest;
  });

  test("go one after another, the form's fields first, and are said when they are whole", async () => {
    const { uploads, said, asked } = stage();
    uploads.add([new File(["one"], "one.txt", PLAIN), new File(["two"], "two.txt", PLAIN)]);
    await later();
    assert.equal(FakePost.made.length, 1);
    assert.deepEqual([...(FakePost.made[0]?.form?.keys() ?? [])], ["key", "file"]);
    assert.deepEqual(asked[0], [
      "/v1/attachments",
      { session_id: "s1", name: "one.txt", size: 3, kind: "file" },
    ]);
    FakePost.made[0]?.upload.onprogress?.({ loaded: 1, total: 4 });
    assert.equal(uploads.list[0]?.share, 0.25);
    FakePost.made[0]?.ends();
    await later();
    FakePost.made[1]?.ends();
    await later();
    assert.deepEqual(said, [
      ["s1", "a1"],
      ["s1", "a2"],
    ]);
    assert.deepEqual(uploads.list, []);
  });

  test("one that is stopped is not said, and the next one goes", async () => {
    const { uploads, said } = stage();
    uploads.add([new File(["one"], "one.txt", PLAIN), new File(["two"], "two.txt", PLAIN)]);
    await later();
    uploads.cancel(uploads.list[0]?.id ?? 0);
    await later();
    FakePost.made[1]?.ends();
    await later();
    assert.deepEqual(said, [["s1", "a2"]]);
  });

  test("none is left, and none is said, once its person signs out", async () => {
    const { uploads, said } = stage();
    uploads.add([new File(["one"], "one.txt", PLAIN), new File(["two"], "two.txt", PLAIN)]);
    await later();
    uploads.clear();
    FakePost.made[0]?.ends();
    await later();
    assert.deepEqual([uploads.list, said, FakePost.made.length], [[], [], 1]);
  });

  test("a refusal stays with its code until it is tried again", async () => {
    const { uploads, said, refuses } = stage();
    refuses.open = new ApiError(422, { code: "content_not_allowed" }, null);
    uploads.add([new File(["one"], "one.txt", PLAIN)]);
    await later();
    assert.equal(uploads.list[0]?.code, "content_not_allowed");
    refuses.open = null;
    uploads.again(uploads.list[0]?.id ?? 0);
    await later();
    FakePost.made[0]?.ends();
    await later();
    assert.equal(said.length, 1);
  });

  test("what the store refuses is told apart from no connection", async () => {
    const { uploads } = stage();
    FakePost.status = 403;
    uploads.add([new File(["one"], "one.txt", PLAIN), new File(["two"], "two.txt", PLAIN)]);
    await later();
    FakePost.made[0]?.ends();
    await later();
    FakePost.made[1]?.onerror?.();
    await later();
    assert.deepEqual(
      uploads.list.map(({ code }) => code),
      ["upload_refused", "no_connection"],
    );
  });

  test("what is empty or too large is refused before anything is asked", async () => {
    const { uploads, asked } = stage();
    const large = new File(["x"], "large.bin");
    Object.defineProperty(large, "size", { value: 20 * 1024 * 1024 + 1 });
    uploads.add([new File([], "empty.txt"), large]);
    await later();
    assert.deepEqual(
      uploads.list.map(({ code }) => code),
      ["file_empty", "attachment_too_large"],
    );
    assert.deepEqual(asked, []);
  });

  test("a voice goes with its length and its loudness", async () => {
    const { uploads, asked } = stage();
    uploads.addVoice(new File(["v"], "voice.webm"), { duration_ms: 900, waveform: [1, 100] });
    await later();
    assert.deepEqual(asked[0]?.[1], {
      session_id: "s1",
      name: "voice.webm",
      size: 1,
      kind: "voice",
      duration_ms: 900,
      waveform: [1, 100],
    });
  });
});
