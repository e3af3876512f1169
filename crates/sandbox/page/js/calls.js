// The log of the bots' calls, newest at the bottom.

import * as api from "./api.js";
import { h } from "./dom.js";
import { attempt } from "./notices.js";
import { on, titleOf, chatOf, world } from "./world.js";

const MOST = 500;

/** The list and its tools. */
export class Calls {
  constructor() {
    this.last = 0;
    this.visible = false;
    this.filter = h("input", { type: "search", placeholder: "Filter: method, chat, code", "aria-label": "Filter the calls", oninput: () => this.refilter() });
    this.failures = h("input", { type: "checkbox", onchange: () => this.refilter() });
    this.tools = h(
      "div",
      { class: "tools" },
      this.filter,
      h("label", { class: "check" }, this.failures, "failed only"),
      h("button", { type: "button", class: "plain small", onclick: () => this.clear() }, "Clear"),
    );
    this.rows = h("div", { class: "call-rows", role: "log", "aria-live": "off", "aria-label": "Calls of the bots", "data-testid": "calls" });
    this.hint = h("p", { class: "hint" }, "No call yet. Start a bot: every call that it makes stands here, but getUpdates.");
    this.element = h("div", { class: "calls" }, h("div", { class: "call call-head", "aria-hidden": "true" }, ["#", "method", "chat", "code", "ms", "result"].map((name) => h("span", null, name))), this.rows, this.hint);
    on("call", ({ call }) => this.visible && this.append([call]));
  }

  async load() {
    if (!this.visible) return;
    const { calls, last } = (await attempt(api.journal(0, 1_000_000))) ?? { calls: [], last: 0 };
    // A sandbox that was started anew counts from the beginning.
    if (last < this.last) this.clear();
    this.append(calls.filter((call) => call.seq > this.last && call.method !== "getUpdates").slice(-MOST));
  }

  clear() {
    this.rows.replaceChildren();
    this.hint.hidden = false;
  }

  append(calls) {
    const stuck = this.rows.scrollHeight - this.rows.scrollTop - this.rows.clientHeight < 60;
    for (const call of calls) {
      this.last = Math.max(this.last, call.seq);
      const row = this.row(call);
      row.hidden = !this.fits(row);
      this.rows.append(row);
    }
    while (this.rows.children.length > MOST) this.rows.firstChild.remove();
    this.hint.hidden = this.rows.children.length > 0;
    if (stuck) this.rows.scrollTop = this.rows.scrollHeight;
  }

  row(call) {
    const ms = call.answered_at === null ? "–" : ((call.answered_at - call.accepted_at) / 1000).toFixed(1);
    const chat = call.chat ? chatOf(call.chat) : null;
    const name = chat ? (chat.type === "private" ? chat.title : titleOf(chat)) : (call.chat ?? "");
    const failed = call.ok === false || call.fault;
    const json = h("pre", { tabindex: 0 });
    const result = call.fault ? `fault: ${call.fault}` : (call.description ?? (call.messages?.length ? `message ${call.messages.join(", ")}` : "ok"));
    const row = h(
      "details",
      { class: `call ${failed ? "failed" : ""}`, "data-text": `${call.method} ${name} ${call.code} ${result}`.toLowerCase(), "data-failed": failed ? "true" : "false", "data-testid": "call" },
      h(
        "summary",
        { class: "call" },
        h("span", { class: "dim" }, String(call.seq)), h("span", { class: "call-method" }, call.method), h("span", null, name),
        h("span", { class: `code ${call.ok ? "good" : "bad"}` }, call.code ? String(call.code) : "cut"), h("span", null, ms), h("span", { class: "dim" }, result),
      ),
      json,
    );
    // Written only when somebody looks.
    row.addEventListener("toggle", () => (json.textContent = JSON.stringify({ bot: world.bots.get(call.bot)?.username ?? call.bot, ...call }, null, 2)), { once: true });
    return row;
  }

  fits(row) {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => row.dataset.text.includes(word)) && (!this.failures.checked || row.dataset.failed === "true");
  }

  refilter() {
    for (const row of this.rows.children) row.hidden = !this.fits(row);
  }
}
