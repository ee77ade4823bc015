import "./demo.css";
import { type Lang, pickLang } from "../core/i18n.ts";
import { SAID, ZH } from "./words.ts";

/** On one machine the widget comes from the loopback's other name, so that its panel is another origin here too. */
const OTHER: Readonly<Record<string, string>> = { "127.0.0.1": "localhost", localhost: "127.0.0.1" };
const LANG = "fernhill-lang";

const asked = new URLSearchParams(location.search);
const source = asked.get("source") ?? "demo";
const lang = chosenLang();

speak();
embed();
document.getElementById("ask")?.addEventListener("click", () => {
  (globalThis as { deskbell?: (name: string) => void }).deskbell?.("open");
});
document.getElementById("copy")?.addEventListener("click", copyLine);

function chosenLang(): Lang {
  const now = asked.get("lang");
  try {
    if (now) localStorage.setItem(LANG, now);
    return pickLang(now ?? localStorage.getItem(LANG));
  } catch {
    return pickLang(now);
  }
}

function speak(): void {
  document.documentElement.lang = lang;
  document.title = SAID[lang].title;
  const other = document.getElementById("lang");
  if (lang !== "zh-CN") return;
  for (const element of document.querySelectorAll<HTMLElement>("[data-t]")) {
    const word = ZH[element.dataset["t"] ?? ""];
    if (word) element.textContent = word;
  }
  if (!other) return;
  other.textContent = "English";
  other.lang = "en";
  other.setAttribute("hreflang", "en");
  other.setAttribute("href", "?lang=en");
}

/** As any customer's site does it, by the one line that is shown. */
function embed(): void {
  const line = document.getElementById("line");
  if (line) line.textContent = embedLine();
  const script = document.createElement("script");
  script.async = true;
  script.dataset["source"] = source;
  script.src = trusted(loaderUrl());
  document.head.append(script);
}

function embedLine(): string {
  return `<script async src="${loaderUrl()}" data-source="${source.replace(/[^\w-]/g, "")}"></script>`;
}

function copyLine(): void {
  const said = document.getElementById("copied");
  const tell = (words: string) => {
    if (said) said.textContent = words;
  };
  navigator.clipboard.writeText(embedLine()).then(
    () => tell(SAID[lang].copied),
    () => tell(SAID[lang].refused),
  );
}

function loaderUrl(): string {
  const url = new URL("widget/deskbell.js", document.baseURI);
  url.hostname = OTHER[url.hostname] ?? url.hostname;
  return url.href;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("deskbell-demo", {
    createScriptURL(url) {
      if (url !== loaderUrl()) throw new TypeError("only the widget's loader");
      return url;
    },
  });
  return policy?.createScriptURL(address) ?? address;
}
