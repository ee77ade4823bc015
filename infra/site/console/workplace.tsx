import { useEffect, useRef, useState } from "preact/hooks";
import type { Agent } from "../proto/types.gen.ts";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/notice.tsx";
import { agent } from "./account.ts";
import { DeskContext } from "./desk/context.ts";
import { Desk } from "./desk/desk.ts";
import { watchForWork } from "./frame/alerts.ts";
import { Frame } from "./frame/frame.tsx";
import { type Acts, useKeys } from "./keys.ts";
import { Lazy } from "./lazy.tsx";
import { ListPane } from "./list/list-pane.tsx";
import { actionsOf } from "./palette/every-action.ts";
import { go, type Page, place } from "./router.ts";
import type { Mode } from "./thread/reply-box.tsx";
import { Thread } from "./thread/thread.tsx";
import { t, whyNot } from "./words.ts";

/** Everything behind the sign-in, for one person. */
export function Workplace() {
  const me = agent.value;
  return me && <Own key={me.id} me={me} />;
}

function Own({ me }: { me: Agent }) {
  const [desk] = useState(() => new Desk(me));
  useEffect(() => {
    desk.start();
    const undo = watchForWork(desk);
    return () => {
      undo();
      desk.stop();
    };
  }, [desk]);
  return (
    <DeskContext.Provider value={desk}>
      <Rooms desk={desk} />
    </DeskContext.Provider>
  );
}

type Opened = "palette" | "keys" | null;

function Rooms({ desk }: { desk: Desk }) {
  const [opened, setOpened] = useState<Opened>(null);
  const [mode, setMode] = useState<Mode>("reply");
  const statusButton = useRef<HTMLButtonElement>(null);
  const endButton = useRef<HTMLButtonElement>(null);
  const holdButton = useRef<HTMLButtonElement>(null);
  const transferButton = useRef<HTMLButtonElement>(null);
  const { page, session_id } = place.value;
  const acts: Acts = {
    step: (by) => step(desk, session_id, by),
    jump: (to) => {
      const talk = rows(desk)[to];
      if (talk) go("inbox", talk);
    },
    note: () => setMode(mode === "note" ? "reply" : "note"),
    end: () => endButton.current?.click(),
    accept: () => void acceptFirst(desk),
    transfer: () => transferButton.current?.click(),
    hold: () => holdButton.current?.click(),
    status: () => statusButton.current?.click(),
    palette: () => setOpened("palette"),
    keys: () => setOpened("keys"),
  };
  useKeys(acts);
  // Another talk is answered, not noted upon, unless one says so.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is another talk's turn
  useEffect(() => setMode("reply"), [session_id]);
  const close = () => setOpened(null);
  return (
    <>
      <Frame statusButton={statusButton} onPalette={acts.palette} onKeys={acts.keys}>
        {page === "inbox" ? (
          <main class="inbox" data-open={session_id !== null}>
            <h1 class="db-hidden">{t("inbox")}</h1>
            <ListPane />
            {session_id === null ? (
              <Nobody />
            ) : (
              <Thread
                key={session_id}
                {...{ session_id, mode, endButton, holdButton, transferButton }}
                onMode={setMode}
              />
            )}
          </main>
        ) : (
          <OtherPage page={page} of={session_id} />
        )}
      </Frame>
      {opened === "palette" ? (
        <Lazy load={loadPalette} given={{ actions: actionsOf(desk, acts), onClose: close }} />
      ) : null}
      {opened === "keys" ? <Lazy load={loadKeys} given={{ onClose: close }} /> : null}
    </>
  );
}

/** Each is fetched when somebody first goes there. */
function OtherPage({ page, of }: { page: Exclude<Page, "inbox">; of: string | null }) {
  switch (page) {
    case "records":
      return <Lazy load={loadRecords} given={{ session_id: of }} />;
    case "customers":
      return <Lazy load={loadCustomer} given={{ customer_id: of }} />;
    case "live":
      return <Lazy load={loadLive} given={{}} />;
    case "roster":
      return <Lazy load={loadRoster} given={{}} />;
    case "settings":
      return <Lazy load={loadAdmin} given={{}} />;
  }
}

function Nobody() {
  return (
    <section class="thread thread-none">
      <Icon name="chat" size={28} />
      <p>{t("nobody_chosen")}</p>
    </section>
  );
}

const loadRecords = () => import("./records/records.tsx").then(({ Records }) => Records);
const loadCustomer = () => import("./customers/customer.tsx").then(({ CustomerPage }) => CustomerPage);
const loadLive = () => import("./live/live.tsx").then(({ LiveBoard }) => LiveBoard);
const loadRoster = () => import("./roster/roster.tsx").then(({ Roster: Part }) => Part);
const loadAdmin = () => import("./admin/admin.tsx").then(({ Admin }) => Admin);
const loadPalette = () => import("./palette/palette.tsx").then(({ Palette }) => Palette);
const loadKeys = () => import("./palette/key-list.tsx").then(({ KeyList }) => KeyList);

async function acceptFirst(desk: Desk): Promise<void> {
  const first = desk.offered.peek()[0]?.session.session_id;
  if (!first) return;
  try {
    await desk.accept(first);
    go("inbox", first);
  } catch (failure) {
    toast({ text: whyNot(failure), kind: "error" });
  }
}

/** As they stand in the list: mine, to be filed, waiting. */
function rows(desk: Desk): readonly string[] {
  return [...desk.live.value, ...desk.wrapUps.value, ...desk.waiting.value].map(
    ({ session_id }) => session_id,
  );
}

function step(desk: Desk, from: string | null, by: 1 | -1): void {
  const ids = rows(desk);
  if (ids.length === 0) return;
  const at = from === null ? -1 : ids.indexOf(from);
  const to = at === -1 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
  const next = ids[to];
  if (next) go("inbox", next);
}
