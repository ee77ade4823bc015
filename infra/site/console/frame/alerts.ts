import { effect, signal } from "@preact/signals";
import type { Event } from "../../proto/types.gen.ts";
import type { Desk, Held } from "../desk/desk.ts";
import { go, place } from "../router.ts";
import { kept, notifications, sound } from "../settings.ts";
import { said, t } from "../words.ts";
import { tellOfShift } from "./shift-alerts.ts";

/** Said by the screen reader, once each. */
export const announced = signal("");

export function announce(text: string): void {
  announced.value = "";
  setTimeout(() => {
    announced.value = text;
  }, 50);
}

/** Tells of new work: a mark on the row, words, the title, and where switched on a sound and a notification. */
export function watchForWork(desk: Desk): () => void {
  let known: Set<string> | null = null;
  const undoWork = effect(() => {
    const mine = desk.live.value;
    const before = known;
    if (desk.link.value !== "online" && before === null) return;
    known = new Set([...(before ?? []), ...mine.map(({ session_id }) => session_id)]);
    if (before === null) return;
    for (const talk of mine) if (!before.has(talk.session_id)) came(desk, talk);
  });
  const undoTitle = effect(() => {
    const count = desk.mine.value.filter((talk) => desk.unread(talk) > 0).length;
    document.title = count > 0 ? `(${count}) ${t("title")}` : t("title");
  });
  const undoOffers = watchForOffers(desk);
  const undoWords = desk.client.onEvent((event) => heard(desk, event));
  const undoLooking = tellWhatIsLookedAt();
  return () => {
    undoWork();
    undoTitle();
    undoOffers();
    undoWords();
    undoLooking();
  };
}

function watchForOffers(desk: Desk): () => void {
  const known = new Set<string>();
  return effect(() => {
    for (const { session, offer } of desk.offered.value) {
      if (known.has(offer.offer_id)) continue;
      known.add(offer.offer_id);
      const words = t("offered_to_you", { who: session.customer.name });
      announce(words);
      if (!desk.client.leading) continue;
      if (sound.peek() === "on") play("offer");
      if (notifications.peek() === "on" && !document.hasFocus()) notify(words, session.session_id);
    }
  });
}

const LOOKING = "deskbell:looking";

/** What the person has before their eyes, whichever tab it is in: of that nobody needs to be told. */
function tellWhatIsLookedAt(): () => void {
  const look = () => kept.set(LOOKING, document.hasFocus() ? (place.peek().session_id ?? "") : null);
  const undo = effect(() => {
    place.value;
    if (document.hasFocus()) look();
  });
  addEventListener("focus", look);
  addEventListener("blur", look);
  return () => {
    undo();
    removeEventListener("focus", look);
    removeEventListener("blur", look);
  };
}

/** A customer's words in a talk of one's own that is not looked at. */
function heard(desk: Desk, event: Event): void {
  tellOfShift(desk, event);
  if (event.type === "reminder.due") {
    announce(`${t("reminders")}: ${event.note}`);
    if (desk.client.leading && sound.peek() === "on") play("message");
    return;
  }
  if (event.type !== "message.sent" || event.by.role !== "customer" || !desk.client.leading) return;
  const talk = desk.talk(event.session_id);
  const looked = kept.get(LOOKING);
  if (!talk || !desk.isMine(talk.session) || looked === event.session_id) return;
  if (sound.peek() === "on") play("message");
  const who = talk.session.customer.name;
  const words = t("line_agent", { who, text: said(event) });
  if (notifications.peek() === "on" && looked === null) notify(words, event.session_id);
}

export async function allowNotifications(): Promise<boolean> {
  return "Notification" in globalThis && (await Notification.requestPermission()) === "granted";
}

function came(desk: Desk, talk: Held): void {
  const { session, session_id } = talk;
  const words = t("assigned_to_you", { who: session.customer.name });
  desk.fresh.value = new Set([...desk.fresh.peek(), session_id]);
  announce(words);
  // One of the person's tabs is enough.
  if (!desk.client.leading) return;
  if (sound.peek() === "on") play("work");
  if (notifications.peek() === "on" && !document.hasFocus()) notify(words, session_id);
}

function notify(words: string, session_id: string): void {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const told = new Notification(words, { tag: session_id, icon: "../icon.svg" });
  told.onclick = () => {
    focus();
    go("inbox", session_id);
    told.close();
  };
}

/** In hertz, one after another: what they tell is heard without looking. */
const TONES = { work: [660, 880], message: [740], offer: [660, 880, 1100] } as const;
let speaker: AudioContext | undefined;

/** A few soft tones, made here: nothing is loaded for it. */
export function play(kind: keyof typeof TONES): void {
  speaker ??= new AudioContext();
  const start = speaker.currentTime;
  for (const [at, pitch] of TONES[kind].entries()) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    const begins = start + at * 0.14;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begins);
    volume.gain.linearRampToValueAtTime(0.06, begins + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0005, begins + 0.3);
    tone.connect(volume).connect(speaker.destination);
    tone.start(begins);
    tone.stop(begins + 0.32);
  }
}
