import { toast } from "../../ui/notice.tsx";
import type { Desk } from "../desk/desk.ts";
import { isLive } from "../desk/desk.ts";
import { keepsSettings } from "../frame/frame.tsx";
import type { Acts } from "../keys.ts";
import { go, place } from "../router.ts";
import { lang, theme } from "../settings.ts";
import { t, whyNot } from "../words.ts";
import type { Action } from "./actions.ts";

/** What the palette offers at this moment: the sessions at hand, then what can be done. */
export function actionsOf(desk: Desk, acts: Acts): Action[] {
  return [...sessions(desk), ...here(desk, acts), ...statuses(desk), ...general(desk, acts)];
}

function sessions(desk: Desk): Action[] {
  return [...desk.live.value, ...desk.wrapUps.value, ...desk.waiting.value].map(
    ({ session_id, session }) => ({
      id: session_id,
      icon: session.state === "queued" ? "queue" : "chat",
      label: `${session.customer.name} · ${t(`state_${session.state}`)}`,
      also: `${session.number} ${session.number.replace("-", "")} ${desk.names.category(session.category_id)}`,
      run: () => go("inbox", session_id),
    }),
  );
}

function here(desk: Desk, acts: Acts): Action[] {
  const { page, session_id } = place.value;
  const talk = page === "inbox" ? desk.talk(session_id) : null;
  if (!talk || !desk.isMine(talk.session) || !isLive(talk.session)) return [];
  return [
    { id: "note", icon: "note", label: t("key_note"), keys: "Alt+N", run: acts.note },
    { id: "hold", icon: "pause", label: t("key_hold"), keys: "Alt+H", run: () => setTimeout(acts.hold) },
    ...(desk.can("session.transfer")
      ? [
          {
            id: "transfer",
            icon: "transfer",
            label: t("key_transfer"),
            keys: "Alt+T",
            run: () => setTimeout(acts.transfer),
          } as const,
        ]
      : []),
    // Once the palette is gone: what it opens takes the focus.
    { id: "end", icon: "check", label: t("key_end"), keys: "Alt+E", run: () => setTimeout(acts.end) },
  ];
}

function statuses(desk: Desk): Action[] {
  return (["accepting", "busy", "break", "offline"] as const)
    .filter((status) => status !== desk.status.value)
    .map((status) => ({
      id: status,
      icon: "person",
      label: t("set_status", { status: t(`status_${status}`) }),
      run: () => desk.setStatus(status).catch((failure) => toast({ text: whyNot(failure), kind: "error" })),
    }));
}

function general(desk: Desk, acts: Acts): Action[] {
  const other = lang.value === "en" ? "zh-CN" : "en";
  return [
    { id: "inbox", icon: "inbox", label: t("go_to", { where: t("inbox") }), run: () => go("inbox") },
    { id: "records", icon: "search", label: t("go_to", { where: t("records") }), run: () => go("records") },
    ...(desk.can("report.live")
      ? [
          {
            id: "live",
            icon: "gauge",
            label: t("go_to", { where: t("live") }),
            run: () => go("live"),
          } as const,
        ]
      : []),
    ...(desk.can("shift.read")
      ? [
          {
            id: "roster",
            icon: "calendar",
            label: t("go_to", { where: t("roster") }),
            run: () => go("roster"),
          } as const,
        ]
      : []),
    ...(keepsSettings(desk)
      ? [
          {
            id: "settings",
            icon: "gear",
            label: t("go_to", { where: t("settings") }),
            run: () => go("settings"),
          } as const,
        ]
      : []),
    {
      id: "lang",
      icon: "globe",
      label: other === "en" ? "English" : "中文",
      run: () => {
        lang.value = other;
      },
    },
    ...(["auto", "light", "dark"] as const).map(
      (name): Action => ({
        id: `theme-${name}`,
        icon: name === "auto" ? "auto" : name === "light" ? "sun" : "moon",
        label: `${t("theme")}: ${t(`theme_${name}`)}`,
        run: () => {
          theme.value = name;
        },
      }),
    ),
    { id: "keys", icon: "keyboard", label: t("keys"), keys: "?", run: acts.keys },
  ];
}
