import "./app.css";
import { render } from "preact";
import { directionOf } from "../core/i18n.ts";
import { browser } from "../ui/browser.ts";
import { findHost } from "./host.ts";
import { Panel } from "./panel.tsx";
import { Visit } from "./visit.ts";

const asked = new URLSearchParams(location.search);
const source = asked.get("source") ?? "";
const lang = asked.get("lang");
document.documentElement.dir = directionOf(lang ?? "en");

const host = await findHost(source);
const visit = new Visit({ source, host, world: browser(), lang, load: () => import("./talking.tsx") });
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) visit.close();
});
const root = document.getElementById("root");
if (root) render(<Panel visit={visit} />, root);
visit.begin();
