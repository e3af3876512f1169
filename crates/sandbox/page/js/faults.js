// What may go wrong between bot and Telegram: a form that sets a fault, and the list of those that are set.

import * as api from "./api.js";
import { fill, h, iconButton } from "./dom.js";
import { attempt } from "./notices.js";
import { chatOf, on, reload, titleOf, world } from "./world.js";

const KINDS = [
  { kind: "429", name: "429 Too Many Requests", text: "Refused; nothing is done.", field: ["retry_after", "Retry after, s", 3] },
  { kind: "5xx", name: "5xx server error", text: "Refused; nothing is done.", field: ["code", "Status", 502] },
  { kind: "slow", name: "Slow", text: "Done at once, answered later.", field: ["ms", "Milliseconds", 2000] },
  { kind: "lost_reply", name: "Lost reply", text: "Done, but the connection closes before the answer." },
  { kind: "timeout", name: "Time-out", text: "Done, but never answered." },
  { kind: "cut", name: "Cut", text: "The connection closes; nothing is done." },
  { kind: "withhold", name: "Withhold", text: "Done; the answer waits until you release it." },
  { kind: "duplicate", name: "Duplicate update", text: "A confirmed update comes once more.", updates: true },
  { kind: "reorder", name: "Shuffled updates", text: "Updates of several chats come out of order.", updates: true },
];
const METHODS = ["sendMessage", "sendPhoto", "sendMediaGroup", "copyMessage", "forwardMessage", "editMessageText", "answerCallbackQuery", "createForumTopic", "getUpdates"];

/** The panel. */
export function faultsPanel() {
  const list = h("ul", { class: "fault-list", "aria-label": "Faults that are set", "data-testid": "fault-list" });
  const draw = () => fill(list, world.faults.length ? world.faults.map(item) : h("li", { class: "hint none" }, "None: every call works."));
  on("faults", draw);
  on("loaded", draw);
  const small = (label, run) => h("button", { type: "button", class: "plain small", onclick: run }, label);
  return h(
    "div",
    { class: "faults" },
    form(),
    h(
      "section", { class: "fault-set" }, h("h2", null, "Set now"), list,
      h("div", { class: "fault-buttons" }, small("Release withheld answers", () => attempt(api.release())), small("Take all away", () => attempt(api.removeFaults()))),
      h("h2", null, "Always"), latency(), newer(), floodControl(),
    ),
  );
}

function form() {
  const number = (props) => h("input", { type: "number", inputmode: "numeric", ...props });
  const kind = h("select", { "data-testid": "fault-kind" }, KINDS.map((one) => h("option", { value: one.kind }, one.name)));
  const text = h("p", { class: "hint", "aria-live": "polite" });
  const word = h("span");
  const value = number({ min: 0 });
  const valueField = h("label", { class: "field" }, word, value);
  const method = h("input", { placeholder: "every method", list: "methods", "data-testid": "fault-method", autocomplete: "off", spellcheck: "false" });
  const methodField = h("label", { class: "field" }, h("span", null, "Method"), method);
  const chat = h("select", { "data-testid": "fault-chat" });
  const count = number({ min: 1, placeholder: "until taken away" });
  const chance = number({ min: 1, max: 100, value: 100 });
  const chosen = () => KINDS.find((one) => one.kind === kind.value);
  const choose = () => {
    const { text: about, field, updates } = chosen();
    text.textContent = about;
    valueField.hidden = !field;
    methodField.hidden = Boolean(updates);
    if (!field) return;
    word.textContent = field[1];
    value.value = field[2];
  };
  const chats = () => {
    const before = chat.value;
    const label = (one) => (one.type === "private" ? `${one.title} with ${titleOf(one)}` : titleOf(one));
    fill(chat, h("option", { value: "" }, "every chat"), [...world.chats.values()].map((one) => h("option", { value: one.chat }, label(one))));
    chat.value = world.chats.has(before) ? before : "";
  };
  const set = (event) => {
    event.preventDefault();
    const { field, updates } = chosen();
    attempt(api.addFault({
      kind: kind.value,
      ...(field ? { [field[0]]: Number(value.value) } : {}),
      ...(method.value.trim() && !updates ? { method: method.value.trim() } : {}),
      ...(chat.value ? { chat: chat.value } : {}),
      ...(count.value ? { count: Number(count.value) } : {}),
      ...(Number(chance.value) < 100 ? { chance: Number(chance.value) / 100 } : {}),
    }));
  };
  kind.addEventListener("change", choose);
  choose();
  on("loaded", chats);
  on("people", chats);
  on("chat", chats);
  const field = (label, input) => h("label", { class: "field" }, h("span", null, label), input);
  return h(
    "form", { class: "fault-form", onsubmit: set },
    h("h2", null, "Let something go wrong"),
    h("div", { class: "fields" }, field("What", kind), valueField, methodField, field("Chat", chat), field("How often", count), field("Chance, %", chance)),
    h("datalist", { id: "methods" }, METHODS.map((one) => h("option", { value: one }))),
    h("div", { class: "fault-buttons" }, h("button", { type: "submit", class: "primary", "data-testid": "fault-set" }, "Set the fault"), text),
  );
}

function item(fault) {
  const spec = KINDS.find((one) => one.kind === fault.kind);
  const chat = fault.chat ? chatOf(fault.chat) : null;
  const value = spec?.field ? `${spec.field[1].toLowerCase()}: ${fault[spec.field[0]]}` : null;
  const words = [
    value, spec?.updates ? "updates" : (fault.method ?? "every method"), chat ? `in ${chat.type === "private" ? chat.title : titleOf(chat)}` : fault.chat,
    fault.left ? `${fault.left} more` : "until taken away", fault.chance < 1 ? `${Math.round(fault.chance * 100)} %` : null,
  ];
  return h(
    "li", { "data-testid": `fault-${fault.kind}` },
    h("span", null, h("strong", null, spec?.name ?? fault.kind), h("span", { class: "hint" }, words.filter(Boolean).join(" · "))),
    iconButton("close", `Take away: ${spec?.name ?? fault.kind}`, () => attempt(api.removeFault(fault.id))),
  );
}

function latency() {
  const input = h("input", { type: "number", min: 0, step: 10, value: 0 });
  input.addEventListener("change", () => attempt(api.act("latency", { ms: Number(input.value) })));
  on("loaded", () => (input.value = world.latency));
  return h("label", { class: "line-field" }, "Every answer takes, ms ", input);
}

function floodControl() {
  const input = h("input", { type: "checkbox", "data-testid": "flood-control" });
  input.addEventListener("change", () => attempt(api.act("flood_control", { on: input.checked })).then(reload));
  on("loaded", () => (input.checked = world.floodControl));
  return h("label", { class: "check" }, input, "Keep Telegram's limits: 30 messages a second, one a second to a person");
}

function newer() {
  const input = h("input", { type: "checkbox" });
  input.addEventListener("change", () => attempt(api.act("newer", { on: input.checked })).then(reload));
  on("loaded", () => (input.checked = world.newer));
  return h("label", { class: "check" }, input, "Play a newer Telegram: unknown fields and updates");
}
