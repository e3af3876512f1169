// The topics of a forum, with what is new in them.

import * as api from "./api.js";
import { clockTime, fill, h, icon, iconButton } from "./dom.js";
import { preview } from "./media.js";
import { ask, attempt, confirm } from "./notices.js";
import { isService, sentence } from "./service.js";
import { GENERAL, chatOf, isAdmin, on, topicOf } from "./world.js";

/** The list; `pane` gives `person`, `chat`, `topic`, `isVisible()` and `openTopic(id)`. */
export class Topics {
  constructor(pane) {
    this.pane = pane;
    this.unread = new Map();
    this.newest = new Map();
    this.rows = new Map();
    this.list = h("div", { class: "topic-list", role: "listbox", "aria-label": "Topics", onkeydown: (event) => this.keydown(event) });
    this.element = h(
      "nav",
      { class: "topics", "aria-label": "Topics of the group" },
      h("div", { class: "topics-head" }, h("h2", null, "Topics"), iconButton("plus", "New topic", () => this.create())),
      this.list,
      (this.hint = h("p", { class: "topics-hint", hidden: true }, "When a customer writes to the bot, a topic opens here. Open it and answer in it.")),
    );
    this.off = [
      on("message", ({ message }) => this.take(message)),
      on("edited", ({ message }) => this.take(message, true)),
      on("chat", ({ chat }) => chat.chat === this.pane.chat && this.draw()),
    ];
  }

  close() {
    this.off.forEach((off) => off());
  }

  /** Starts anew for the pane's chat. */
  async show() {
    const { chat } = this.pane;
    this.unread.clear();
    this.newest.clear();
    this.rows.clear();
    this.list.replaceChildren();
    this.draw();
    const loaded = (await attempt(api.messages(chat, { limit: 500 }))) ?? [];
    if (chat !== this.pane.chat) return;
    for (const message of loaded) if (!message.deleted) this.newest.set(topicOf(message), message);
    this.draw();
  }

  take(message, edited = false) {
    if (message?.chat !== this.pane.chat || this.pane.topic === null) return;
    const topic = topicOf(message);
    if (edited && this.newest.get(topic)?.id !== message.id) return;
    this.newest.set(topic, message);
    const reading = this.pane.topic === topic && this.pane.isVisible();
    if (!edited && !reading && message.from.id !== this.pane.person) this.unread.set(topic, (this.unread.get(topic) ?? 0) + 1);
    this.draw();
  }

  /** The person looks at a topic: nothing in it is new any more. */
  read(topic) {
    this.unread.delete(topic);
    this.draw();
  }

  /** How many messages are new in all topics. */
  get total() {
    return [...this.unread.values()].reduce((sum, count) => sum + count, 0);
  }

  focus() {
    if (!this.element.checkVisibility()) this.pane.openTopic(null);
    (this.list.querySelector("[tabindex='0']") ?? this.list.firstChild)?.focus();
  }

  draw() {
    const chat = chatOf(this.pane.chat);
    if (!chat?.forum) return;
    const topics = chat.topics.filter((topic) => !topic.deleted && (!topic.hidden || topic.id === this.pane.topic || isAdmin(chat, this.pane.person)));
    // The newest first, closed ones below, General on top.
    const rank = (topic) => [topic.id === GENERAL ? 0 : topic.closed ? 2 : 1, -(this.newest.get(topic.id)?.id ?? topic.id)];
    topics.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
    const seen = new Set();
    topics.forEach((topic, index) => {
      const row = this.row(topic);
      if (this.list.children[index] !== row) this.list.insertBefore(row, this.list.children[index] ?? null);
      seen.add(topic.id);
    });
    for (const [id, row] of this.rows) {
      if (seen.has(id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    this.hint.hidden = topics.length > 1 || !chat.members.some((member) => member.bot);
  }

  row(topic) {
    let row = this.rows.get(topic.id);
    if (!row) {
      row = h("button", { type: "button", role: "option", class: "topic", onclick: () => this.pane.openTopic(topic.id) });
      this.rows.set(topic.id, row);
    }
    const newest = this.newest.get(topic.id);
    const unread = this.unread.get(topic.id) ?? 0;
    const chosen = this.pane.topic === topic.id;
    const key = JSON.stringify([topic.name, topic.closed, topic.hidden, newest?.id, newest?.text, unread, chosen]);
    if (row.dataset.key === key) return row;
    row.dataset.key = key;
    row.setAttribute("data-testid", `topic-${topic.name}`);
    row.setAttribute("data-topic-id", topic.id);
    row.setAttribute("data-unread", unread);
    row.setAttribute("data-closed", topic.closed);
    row.setAttribute("aria-selected", chosen);
    row.tabIndex = chosen ? 0 : -1;
    if (!this.list.querySelector("[tabindex='0']") && topic.id === GENERAL) row.tabIndex = 0;
    const mark = h("span", { class: "topic-icon", "aria-hidden": "true" }, topic.id === GENERAL ? "#" : ([...topic.name].find((letter) => /\p{L}|\p{N}/u.test(letter)) ?? "•").toUpperCase());
    if (topic.id !== GENERAL) mark.style.setProperty("--topic", `#${Number(topic.icon_color || 7322096).toString(16).padStart(6, "0")}`);
    fill(
      row,
      mark,
      h("span", { class: "topic-line" }, h("span", { class: "topic-name", dir: "auto" }, topic.name), topic.closed ? [icon("lock"), topic.closed && unread ? h("span", { class: "unseen" }, "closed") : null] : null, newest ? h("time", null, clockTime(newest.date)) : null),
      h("span", { class: "topic-line" }, h("span", { class: "topic-preview", dir: "auto" }, newest ? line(newest, this.pane.person) : "Nothing yet"), unread ? h("span", { class: "count" }, unread > 99 ? "99+" : String(unread), h("span", { class: "unseen" }, " new")) : topic.closed ? h("span", { class: "tag" }, topic.hidden ? "hidden" : "closed") : null),
    );
    return row;
  }

  keydown(event) {
    const rows = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      this.pane.write();
    }
    if (!step) return;
    event.preventDefault();
    const index = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, index + step))]?.focus();
  }

  async create() {
    const { person, chat } = this.pane;
    const values = await ask("New topic", [{ name: "name", label: "Name", required: true, placeholder: "Deliveries" }], "Create");
    if (!values) return;
    const made = await attempt(api.act("create_topic", { as: person, chat, name: values.name }));
    if (made) this.pane.openTopic(made.topic);
  }

  /** What may be done with the topic that is open. */
  entries(topic) {
    const { person, chat } = this.pane;
    const place = chatOf(chat);
    if (!place?.forum || !isAdmin(place, person)) return [];
    const fields = { as: person, chat, topic: topic.id };
    const rename = async () => {
      const values = await ask("Rename the topic", [{ name: "name", label: "Name", value: topic.name, required: true }], "Rename");
      if (values) attempt(api.act("rename_topic", { ...fields, name: values.name }));
    };
    const remove = async () => {
      if (await confirm("Delete this topic?", `“${topic.name}” and all its messages go. Bots are not told, as at Telegram.`, "Delete")) {
        if (await attempt(api.act("delete_topic", fields))) this.pane.openTopic(GENERAL);
      }
    };
    return [
      { title: `Topic “${topic.name}”` },
      { label: topic.closed ? "Reopen the topic" : "Close the topic", run: () => attempt(api.act(topic.closed ? "reopen_topic" : "close_topic", fields)) },
      topic.id === GENERAL ? null : { label: "Rename the topic…", run: rename },
      topic.id === GENERAL ? null : { label: "Delete the topic…", danger: true, run: remove },
    ];
  }
}

function line(message, person) {
  if (isService(message.kind)) return sentence(message);
  const who = message.from.id === person ? "You" : message.from.name.split(" ")[0];
  return `${who}: ${preview(message)}`;
}
