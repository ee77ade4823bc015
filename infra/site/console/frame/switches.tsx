import { Icon, type IconName } from "../../ui/icon.tsx";
import { Menu } from "../../ui/popover.tsx";
import { lang, type Theme, theme } from "../settings.ts";
import { t } from "../words.ts";

/** Named in its own language, for whoever can't read the present one. */
export function LangSwitch() {
  const other = lang.value === "en" ? "zh-CN" : "en";
  return (
    <button
      type="button"
      class="db-button"
      data-kind="quiet"
      lang={other}
      onClick={() => {
        lang.value = other;
      }}
    >
      {other === "en" ? "English" : "中文"}
    </button>
  );
}

const THEMES: readonly [Theme, "theme_auto" | "theme_light" | "theme_dark", IconName][] = [
  ["auto", "theme_auto", "auto"],
  ["light", "theme_light", "sun"],
  ["dark", "theme_dark", "moon"],
];

export function ThemeSwitch() {
  const [, , icon] = THEMES.find(([name]) => name === theme.value) ?? THEMES[0] ?? ["", "", "auto" as const];
  return (
    <Menu class="db-button square" label={t("theme")} face={<Icon name={icon} />}>
      {(close) =>
        THEMES.map(([name, word, picture]) => (
          <button
            key={name}
            type="button"
            role="menuitemradio"
            aria-checked={theme.value === name}
            class="db-item"
            onClick={() => {
              theme.value = name;
              close();
            }}
          >
            <Icon name={picture} />
            {t(word)}
            {theme.value === name ? <Icon name="check" size={14} /> : null}
          </button>
        ))
      }
    </Menu>
  );
}
