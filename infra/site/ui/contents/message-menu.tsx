import { Icon, type IconName } from "../icon.tsx";
import { Menu } from "../popover.tsx";

export interface MessageAct {
  icon: IconName;
  label: string;
  run(): void;
}

/** What can be done with one message at the moment it is opened. */
export function MessageMenu({ label, acts }: { label: string; acts(): readonly MessageAct[] }) {
  return (
    <Menu class="db-more" label={label} face={<Icon name="more" size={16} />}>
      {(close) =>
        acts().map((act) => (
          <button
            key={act.icon}
            type="button"
            role="menuitem"
            class="db-item"
            onClick={() => {
              close();
              act.run();
            }}
          >
            <Icon name={act.icon} size={16} /> {act.label}
          </button>
        ))
      }
    </Menu>
  );
}
