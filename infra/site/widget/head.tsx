import { initialsOf } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Popup } from "./popup.tsx";
import type { Visit } from "./visit.ts";

/** Who is here: the shop, then the agent who serves. */
export function Head({ visit, onEnd }: { visit: Visit; onEnd(): void }) {
  const { speech, conversation, door } = visit;
  const agent = conversation?.live?.session?.agent?.name ?? null;
  const title = agent ?? door.config?.texts["title"] ?? speech.t("title");
  return (
    <header class="head">
      <span class="head-mark" aria-hidden="true">
        {initialsOf(title)}
      </span>
      <div class="head-words">
        <h1>{title}</h1>
        <p>{agent ? speech.t("agent") : greetingLine(visit)}</p>
      </div>
      <Menu visit={visit} onEnd={onEnd} />
      {visit.host.init && (
        <Button kind="quiet" icon="close" label={speech.t("close")} onClick={() => visit.close()} />
      )}
    </header>
  );
}

function greetingLine({ speech, door }: Visit): string {
  if (!door.config) return "";
  return speech.t(door.config.mode === "open" ? "online" : "away");
}

function Menu({ visit, onEnd }: { visit: Visit; onEnd(): void }) {
  const { speech, conversation, phase } = visit;
  const live = conversation?.live;
  const waits = live?.session?.state === "queued";
  return (
    <Popup label={speech.t("menu")} icon="more" side="below">
      {(close) => {
        const then = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <ul class="menu">
            <li>
              <button
                type="button"
                lang={speech.lang === "en" ? "zh-CN" : "en"}
                onClick={then(() => visit.speak(speech.lang === "en" ? "zh-CN" : "en"))}
              >
                <Icon name="globe" /> {speech.t("other_language")}
              </button>
            </li>
            {live?.session && (
              <li>
                <button type="button" onClick={then(onEnd)}>
                  <Icon name="out" /> {speech.t(waits ? "leave" : "end")}
                </button>
              </li>
            )}
            {phase === "ended" && (
              <li>
                <button type="button" onClick={then(() => conversation?.startAnew())}>
                  <Icon name="plus" /> {speech.t("start_new")}
                </button>
              </li>
            )}
          </ul>
        );
      }}
    </Popup>
  );
}
