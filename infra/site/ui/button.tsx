import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.tsx";

type Native = Omit<JSX.IntrinsicElements["button"], "icon" | "label" | "type">;

export interface ButtonProps extends Native {
  kind?: "plain" | "primary" | "danger" | "quiet";
  icon?: IconName;
  /** Says what a button without words does. */
  label?: string;
  submit?: boolean;
  children?: ComponentChildren;
}

export function Button({ kind = "plain", icon, label, submit, children, ...native }: ButtonProps) {
  const square = icon && !children ? { "data-square": "" } : {};
  const named = label ? { "aria-label": label, title: label } : {};
  return (
    <button
      {...native}
      {...named}
      {...square}
      type={submit ? "submit" : "button"}
      class="db-button"
      data-kind={kind}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}
