// The sandbox's clock: shown always, moved when it is manual.

import * as api from "./api.js";
import { h } from "./dom.js";
import { attempt } from "./notices.js";
import { now, on, world } from "./world.js";

const STEPS = [["1 s", 1], ["1 min", 60], ["15 min", 900], ["1 h", 3600], ["1 day", 86_400], ["1 week", 604_800]];

/** The panel with time and buttons. */
export function clockPanel() {
  const time = h("time", { class: "clock-now", "data-testid": "clock" });
  const advance = (seconds) => attempt(api.advance(Math.round(seconds * 1_000_000)));
  const own = h("input", { type: "number", min: 1, value: 10 });
  const manual = h(
    "form",
    { class: "clock-steps", onsubmit: (event) => {
      event.preventDefault();
      advance(Number(own.value) * 60);
    } },
    h("span", { id: "clock-on" }, "On by"),
    STEPS.map(([label, seconds]) => h("button", { type: "button", class: "plain small", "aria-label": `Advance by ${label}`, "data-testid": `advance-${seconds}`, onclick: () => advance(seconds) }, label)),
    h("label", { class: "line-field" }, "or minutes ", own),
    h("button", { type: "submit", class: "plain small" }, "Advance"),
  );
  const kind = h("span", { class: "tag" });
  const hint = h("p", { class: "hint" });
  const draw = () => {
    const date = new Date(now() * 1000);
    time.textContent = date.toISOString().replace("T", " ").slice(0, 19);
    time.setAttribute("datetime", date.toISOString());
    const isManual = world.clock !== "real";
    manual.hidden = !isManual;
    kind.textContent = isManual ? "stands still" : "real";
    hint.textContent = isManual
      ? "The clock stands until you advance it; what waits in a bot for a later time waits too."
      : "This is the system's time. To jump ahead, start the sandbox with --clock manual: then it stands until you advance it here.";
  };
  on("clock", draw);
  on("loaded", draw);
  setInterval(() => time.isConnected && time.offsetParent && draw(), 1000);
  return h("div", { class: "clock" }, h("div", { class: "clock-line" }, time, h("span", { class: "hint" }, "UTC"), kind), manual, hint);
}
