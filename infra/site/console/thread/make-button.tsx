import { useState } from "preact/hooks";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Menu } from "../../ui/popover.tsx";
import { useDesk } from "../desk/context.ts";
import { Lazy } from "../lazy.tsx";
import { t } from "../words.ts";
import type { Made, MadeKind } from "./maker/made.ts";

const KINDS: readonly [MadeKind, IconName][] = [
  ["link", "link"],
  ["card", "panel"],
  ["form", "queue"],
];

const loadMaker = () => import("./maker/maker.tsx").then(({ Maker }) => Maker);

/** A link with its title, a card, a form: each made in a dialog of its own. */
export function MakeButton({ session_id }: { session_id: string }) {
  const desk = useDesk();
  const [kind, setKind] = useState<MadeKind | null>(null);
  const close = () => setKind(null);
  const onMade = (said: Made) => {
    const reply_to = desk.quoting.peek().get(session_id)?.seq ?? null;
    desk.client.say(session_id, "", { said, reply_to });
    desk.quote(session_id, null);
  };
  return (
    <>
      <Menu class="db-button square" label={t("make")} face={<Icon name="plus" />}>
        {(hide) =>
          KINDS.map(([one, icon]) => (
            <button
              key={one}
              type="button"
              role="menuitem"
              class="db-item"
              onClick={() => {
                hide();
                setKind(one);
              }}
            >
              <Icon name={icon} size={16} /> {t(`make_${one}`)}
            </button>
          ))
        }
      </Menu>
      {kind ? <Lazy load={loadMaker} given={{ kind, onMade, onClose: close }} /> : null}
    </>
  );
}
