// Switches for what may go wrong between bot and Telegram.

import * as api from "./api.js";
import { h } from "./dom.js";
import { attempt } from "./notices.js";
import { on, reload, world } from "./world.js";

const KINDS = [
  { kind: "429", name: "429", text: "Too Many Requests; nothing is done.", field: ["retry_after", "retry after, s", 3] },
  { kind: "5xx", name: "5xx", text: "Server error; nothing is done.", field: ["code", "status", 502] },
  { kind: "slow", name: "Slow", text: "Done at once, answered later.", field: ["ms", "ms", 2000] },
  { kind: "lost_reply", name: "Lost reply", text: "Done, but the answer is lost." },
  { kind: "timeout", name: "Time-out", text: "Done, but never answered." },
  { kind: "cut", name: "Cut", text: "The connection closes; nothing is done." },
  { kind: "withhold", name: "Withhold", text: "Done; answers wait until Release." },
  { kind: "duplicate", name: "Duplicate updates", text: "An update comes once more.", updates: true },
  { kind: "reorder", name: "Shuffled updates", text: "Updates of several chats come out of order.", updates: true },
];

/** The panel with its switches. */
export function faultsPanel() {
  const method = h("input", { placeholder: "every method", "aria-label": "Only for this method", size: 16, list: "methods" });
  const methods = h("datalist", { id: "methods" }, ["sendMessage", "copyMessage", "editMessageText", "createForumTopic", "getUpdates"].map((value) => h("option", { value })));
  const count = h("input", { type: "number", min: 1, placeholder: "∞", "aria-label": "How many times" });
  const chance = h("input", { type: "number", min: 1, max: 100, value: 100, "aria-label": "Chance in per cent" });
  const common = h("div", { class: "fault-common" }, h("span", { class: "hint" }, "What is switched on next strikes"), method, methods, h("label", null, "times ", count), h("label", null, "chance, % ", chance));
  const cards = KINDS.map((spec) => card(spec, () => ({
    ...(method.value && !spec.updates ? { method: method.value.trim() } : {}),
    ...(count.value ? { count: Number(count.value) } : {}),
    ...(Number(chance.value) < 100 ? { chance: Number(chance.value) / 100 } : {}),
  })));
  const draw = () => cards.forEach((one) => one.draw());
  on("faults", draw);
  on("loaded", draw);
  return h(
    "div",
    { class: "faults" },
    common,
    h("div", { class: "fault-cards" }, cards.map((one) => one.element)),
    h("div", { class: "fault-common" }, latency(), newer(), h("button", { type: "button", class: "plain small", onclick: () => attempt(api.release()) }, "Release withheld answers"), h("button", { type: "button", class: "plain small", onclick: () => attempt(api.removeFaults()) }, "All faults off")),
  );
}

function card(spec, common) {
  const [field, label, initial] = spec.field ?? [];
  const input = field && h("input", { type: "number", min: 0, value: initial, "aria-label": `${spec.name}: ${label}` });
  const state = h("span", { class: "hint", "aria-live": "polite" });
  const mine = () => world.faults.filter((fault) => fault.kind === spec.kind);
  const toggle = h("input", { type: "checkbox", role: "switch", "data-testid": `fault-${spec.kind}`, "aria-label": spec.name });
  toggle.addEventListener("change", async () => {
    const faults = mine();
    if (toggle.checked) await attempt(api.addFault({ kind: spec.kind, ...(field ? { [field]: Number(input.value) } : {}), ...common() }));
    else for (const fault of faults) await attempt(api.removeFault(fault.id));
    draw();
  });
  const draw = () => {
    const faults = mine();
    toggle.checked = faults.length > 0;
    const say = (fault) => [fault.method ?? (spec.updates ? "updates" : "every method"), fault.left ? `${fault.left} left` : null, fault.chance < 1 ? `${Math.round(fault.chance * 100)} %` : null].filter(Boolean).join(", ");
    state.textContent = faults.length ? `on: ${faults.map(say).join("; ")}` : spec.text;
    element.classList.toggle("on", faults.length > 0);
  };
  const element = h("div", { class: "fault" }, h("label", { class: "switch" }, toggle, h("span", { class: "track", "aria-hidden": "true" }), h("strong", null, spec.name)), input ? h("label", { class: "fault-field" }, label, " ", input) : null, state);
  return { element, draw };
}

function latency() {
  const input = h("input", { type: "number", min: 0, step: 10, value: 0, "aria-label": "Latency of every call in milliseconds" });
  input.addEventListener("change", () => attempt(api.act("latency", { ms: Number(input.value) })));
  on("loaded", () => (input.value = world.latency));
  return h("label", null, "every answer takes, ms ", input);
}

function newer() {
  const input = h("input", { type: "checkbox" });
  input.addEventListener("change", () => attempt(api.act("newer", { on: input.checked })).then(reload));
  on("loaded", () => (input.checked = world.newer));
  return h("label", { class: "check" }, input, "play a newer Telegram (unknown fields and updates)");
}
