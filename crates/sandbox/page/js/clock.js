// The sandbox's clock: it runs, or it stands and is moved on by hand.

import * as api from "./api.js";
import { fill, h, name } from "./dom.js";
import { attempt, toast } from "./notices.js";
import { now, on, reload, world } from "./world.js";

const STEPS = [["1 s", 1], ["1 min", 60], ["15 min", 900], ["1 h", 3600], ["1 day", 86_400], ["1 week", 604_800]];

const text = (micros) => new Date(micros / 1000).toISOString().replace("T", " ").slice(0, 19);

/** The panel; `draw` looks again at what no event tells. */
export function clockPanel() {
  const time = h("time", { class: "clock-now", "data-testid": "clock" });
  const kind = h("span", { class: "tag" });
  const hint = h("p", { class: "hint" });
  const own = h("input", { type: "number", min: 1, value: 10 });
  const due = h("button", { type: "button", class: "plain small", "data-testid": "advance-due" });
  const followers = h("p", { class: "hint" });
  const turn = h("button", { type: "button", class: "plain small", "data-testid": "freeze" });
  const small = (label, props) => h("button", { type: "button", class: "plain small", ...props }, label);
  const steps = STEPS.map(([label, seconds]) => small(label, { "aria-label": `Advance by ${label}`, "data-testid": `advance-${seconds}`, onclick: () => advance(seconds * 1_000_000) }));
  const manual = h(
    "form",
    { class: "clock-steps", onsubmit: (event) => {
      event.preventDefault();
      advance(Number(own.value) * 60_000_000);
    } },
    h("span", null, "On by"), steps, h("label", { class: "line-field" }, "or minutes ", own), h("button", { type: "submit", class: "plain small" }, "Advance"), due,
  );
  const element = h("div", { class: "clock" }, h("div", { class: "clock-line" }, time, h("span", { class: "hint" }, "UTC"), kind, turn), manual, hint, followers);

  async function advance(micros) {
    element.setAttribute("aria-busy", "true");
    // What is due on the way happens, one after the other: a long way takes its time.
    const done = await attempt(api.advance(micros));
    element.setAttribute("aria-busy", "false");
    if (done?.steps) toast(`${done.steps} ${done.steps === 1 ? "thing that was due has" : "things that were due have"} happened`);
    look();
  }

  async function look() {
    const told = await api.clock().catch(() => null);
    if (!told) return;
    const inFuture = told.due && told.due > told.now;
    due.hidden = !inFuture;
    due.textContent = inFuture ? `To what is due next, ${text(told.due)}` : "";
    due.onclick = () => advance(told.due - told.now);
    const all = told.participants ?? [];
    fill(followers, all.length ? ["Bots that follow this clock: ", all.map((one, index) => [index ? ", " : "", name(one.name), one.due ? ` (next ${text(one.due)})` : ""])] : "No bot follows this clock. Start one with TEST_CLOCK_URL set to this page's address and it does.");
  }

  const tick = () => {
    const micros = now() * 1_000_000;
    time.textContent = text(micros);
    time.setAttribute("datetime", new Date(micros / 1000).toISOString());
  };
  const draw = () => {
    tick();
    const stands = world.clock !== "real";
    manual.hidden = !stands;
    kind.textContent = stands ? "stands" : "real, runs";
    turn.textContent = stands ? "Let it run" : "Let it stand";
    hint.textContent = stands
      ? "The clock stands until you advance it: what waits for a later time waits too."
      : "This is the system's time. Let it stand to jump ahead, or start the sandbox with --clock manual.";
    look();
  };
  turn.addEventListener("click", async () => {
    if (await attempt(world.clock === "real" ? api.freeze() : api.thaw())) await reload();
    draw();
  });
  on("clock", draw);
  on("loaded", draw);
  setInterval(() => time.isConnected && time.offsetParent && tick(), 1000);
  return { element, draw };
}
