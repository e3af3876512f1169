// The log of the bots' calls with their answers, newest at the bottom.

import * as api from "./api.js";
import { h, icon, name } from "./dom.js";
import { attempt, copyText } from "./notices.js";
import { on, titleOf, chatOf, world } from "./world.js";

const MOST = 500;

/** The list and its tools. */
export class Calls {
  constructor() {
    this.last = 0;
    this.visible = false;
    this.filter = h("input", { type: "search", placeholder: "Filter: method, chat, code", "aria-label": "Filter the calls", "data-testid": "calls-filter", oninput: () => this.refilter() });
    this.failures = h("input", { type: "checkbox", onchange: () => this.refilter() });
    this.tools = h(
      "div",
      { class: "tools" },
      this.filter,
      h("label", { class: "check" }, this.failures, "failed only"),
      h("button", { type: "button", class: "plain small", onclick: () => this.clear() }, "Clear"),
    );
    this.rows = h("div", { class: "call-rows", role: "log", "aria-live": "off", "aria-label": "Calls of the bots", "data-testid": "calls", tabindex: 0, onkeydown: (event) => this.keydown(event) });
    this.hint = h("p", { class: "hint" }, "No call yet. Start a bot: every call that it makes stands here with its answer, but getUpdates.");
    this.none = h("p", { class: "hint", hidden: true }, "No call fits the filter.");
    this.element = h("div", { class: "calls" }, h("div", { class: "call call-head", "aria-hidden": "true" }, ["#", "method", "chat", "code", "ms", "answer"].map((word) => h("span", null, word))), this.rows, this.hint, this.none);
    on("call", ({ call }) => this.visible && this.append([call]));
  }

  async load() {
    if (!this.visible) return;
    const { last } = (await attempt(api.journal(Number.MAX_SAFE_INTEGER, 0))) ?? { last: 0 };
    // A sandbox that was started anew counts from the beginning.
    if (last < this.last) {
      this.clear();
      this.last = 0;
    }
    // Polls stand in the journal too: more is asked for than is shown.
    const { calls } = (await attempt(api.journal(Math.max(this.last, last - 4 * MOST), 4 * MOST))) ?? { calls: [] };
    this.append(calls.filter((call) => call.seq > this.last && call.method !== "getUpdates").slice(-MOST));
  }

  clear() {
    this.rows.replaceChildren();
    this.refilter();
  }

  append(calls) {
    const stuck = this.rows.scrollHeight - this.rows.scrollTop - this.rows.clientHeight < 60;
    for (const call of calls) {
      this.last = Math.max(this.last, call.seq);
      this.rows.append(this.row(call));
    }
    while (this.rows.children.length > MOST) this.rows.firstChild.remove();
    this.refilter();
    if (stuck) this.rows.scrollTop = this.rows.scrollHeight;
  }

  row(call) {
    const ms = call.answered_at === null ? "–" : ((call.answered_at - call.accepted_at) / 1000).toFixed(1);
    const chat = call.chat ? chatOf(call.chat) : null;
    const place = chat ? (chat.type === "private" ? chat.title : titleOf(chat)) : (call.chat ?? "");
    const failed = call.ok === false || call.fault;
    const result = call.fault ? `fault: ${call.fault}` : (call.description ?? (call.messages?.length ? `message ${call.messages.join(", ")}` : short(call.answer?.result)));
    const details = h("div", { class: "call-details" });
    const row = h(
      "details",
      { class: `call ${failed ? "failed" : ""}`, "data-text": `${call.method} ${place} ${call.code} ${result}`.toLowerCase(), "data-failed": failed ? "true" : "false", "data-testid": "call" },
      h(
        "summary",
        { class: "call", tabindex: -1 },
        h("span", { class: "dim" }, String(call.seq)), h("span", { class: "call-method" }, call.method), h("span", null, name(place)),
        h("span", { class: `code ${call.ok ? "good" : "bad"}` }, call.code ? String(call.code) : "cut"), h("span", null, ms), h("span", { class: "dim" }, result),
      ),
      details,
    );
    // Written only when somebody looks.
    row.addEventListener("toggle", () => {
      if (!details.firstChild) details.append(...this.details(call));
      if (row.open) row.scrollIntoView({ block: "nearest" });
    });
    return row;
  }

  details(call) {
    const bot = world.bots.get(call.bot);
    const part = (title, value, none) => h("div", { class: "call-part" }, h("h2", null, title), value === undefined || value === null ? h("p", { class: "hint" }, none) : h("pre", { tabindex: 0, "aria-label": title }, JSON.stringify(value, null, 2)));
    const copy = (label, text) => h("button", { type: "button", class: "plain small", onclick: () => copyText(text) }, icon("copy"), label);
    const facts = [bot ? `@${bot.username}` : "unknown token", call.fault ? `struck by the fault ${call.fault}` : null, call.answered_at === null ? "no answer has left" : null];
    return [
      h("div", { class: "call-tools" }, h("span", { class: "hint" }, facts.filter(Boolean).join(" · ")), copy("Copy as curl", curl(call, bot)), call.answer ? copy("Copy the answer", JSON.stringify(call.answer, null, 2)) : null),
      part("Parameters", call.params, ""),
      part("Answer", call.answer, call.ok === null ? "None yet." : "It was too long to keep, or never sent."),
    ];
  }

  /** Arrows move among the calls, so that Tab passes the list in one step. */
  keydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.target.tagName === "PRE") return;
    event.preventDefault();
    const all = [...this.rows.children].filter((row) => !row.hidden).map((row) => row.firstChild);
    const index = all.indexOf(event.target);
    all[Math.max(0, Math.min(all.length - 1, index < 0 ? all.length - 1 : index + step))]?.focus();
  }

  refilter() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of this.rows.children) {
      row.hidden = !(words.every((word) => row.dataset.text.includes(word)) && (!this.failures.checked || row.dataset.failed === "true"));
      if (!row.hidden) shown += 1;
    }
    this.hint.hidden = this.rows.children.length > 0;
    this.none.hidden = shown > 0 || this.rows.children.length === 0;
  }
}

function short(result) {
  if (result === undefined) return "ok";
  const text = JSON.stringify(result);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** The call as a line for a shell. */
function curl(call, bot) {
  const quote = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const line = `curl -s ${location.origin}/bot${bot?.token ?? "<token>"}/${call.method}`;
  return Object.keys(call.params ?? {}).length ? `${line} \\\n  -H 'content-type: application/json' \\\n  -d ${quote(JSON.stringify(call.params))}` : line;
}
