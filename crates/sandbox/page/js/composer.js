// Where a person writes: text, answers, corrections, files, commands, a bot's keyboard.

import * as api from "./api.js";
import { CommandList, commandsFor } from "./commands.js";
import { fill, h, iconButton } from "./dom.js";
import { MADE_UP, sendFiles } from "./files.js";
import { preview } from "./media.js";
import { menu } from "./menu.js";
import { ask, attempt } from "./notices.js";
import { chatOf } from "./world.js";

const MOST_UNITS = 4096;

/** The composer of a pane, which gives `person`, `chat`, `topic` and `feed`. */
export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.answered = null;
    this.quote = null;
    this.edited = null;
    this.drafts = new Map();
    this.usedKeyboard = null;
    this.folded = false;
    this.list = new CommandList((item, onlyInsert) => this.pick(item, onlyInsert));
    this.text = h("textarea", {
      rows: 1, class: "composer-text", dir: "auto", "data-testid": "composer", placeholder: "Message", "aria-label": "Message",
      "aria-autocomplete": "list", "aria-controls": this.list.id, enterkeyhint: "send",
      oninput: () => this.typed(), onkeydown: (event) => this.keydown(event), onblur: () => {
        this.list.hide();
        this.mark();
      },
      onpaste: (event) => this.pasted(event),
    });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, "data-testid": "file-input", onchange: () => this.pickedFiles() });
    this.context = h("div", { class: "context", hidden: true });
    this.keyboard = h("div", { class: "reply-keyboard", role: "group", "aria-label": "Keyboard of the bot", hidden: true, "data-testid": "reply-keyboard" });
    this.counter = h("span", { class: "counter", "aria-live": "polite" });
    this.sendButton = iconButton("send", "Send (Enter)", () => this.send(), { "data-testid": "send", class: "icon-button send" });
    this.commandsButton = iconButton("menu", "Commands of the bot", () => this.toggleCommands(), { "data-testid": "commands-button" });
    this.keyboardButton = iconButton("keyboard", "Keyboard of the bot", () => this.toggleKeyboard(), { hidden: true, "data-testid": "keyboard-button" });
    this.attachButton = iconButton("attach", "Attach", (event) => this.attach(event.currentTarget), { "data-testid": "attach" });
    this.element = h(
      "div",
      { class: "composer" },
      this.list.element,
      this.context,
      h("div", { class: "composer-row" }, this.commandsButton, this.text, this.counter, this.keyboardButton, this.attachButton, this.sendButton, this.picker),
      this.keyboard,
    );
    this.typed();
  }

  get place() {
    return `${this.pane.person}|${this.pane.chat}|${this.pane.topic}`;
  }

  /** Another chat: what was being written there waits, what was being written here comes back. */
  switchFrom(place) {
    if (!this.edited) this.drafts.set(place, this.text.value);
    this.text.value = this.drafts.get(this.place) ?? "";
    this.cancel(false);
    this.typed();
    const chat = chatOf(this.pane.chat);
    this.text.placeholder = chat?.type === "private" ? "Message or /command" : "Message";
  }

  focus() {
    this.text.focus();
  }

  /** What is sent next answers this message. */
  replyTo(message, quote = null) {
    this.edited = null;
    this.answered = message;
    this.quote = quote;
    const who = message.from.id === this.pane.person ? "yourself" : message.from.name;
    this.showContext(`${quote ? "Quote" : "Reply to"} ${who}`, quote ?? preview(message));
  }

  /** What is sent next replaces the text of this message. */
  edit(message) {
    this.answered = null;
    this.edited = message;
    this.text.value = message.text ?? "";
    this.showContext("Edit message", preview(message));
    this.typed();
  }

  showContext(title, words) {
    fill(
      this.context,
      h("div", { class: "context-text" }, h("strong", { dir: "auto" }, title), h("span", { dir: "auto" }, words)),
      iconButton("close", "Cancel (Escape)", () => this.cancel()),
    );
    this.context.hidden = false;
    this.focus();
  }

  cancel(focus = true) {
    if (this.edited) {
      this.text.value = "";
      this.typed();
    }
    this.answered = null;
    this.quote = null;
    this.edited = null;
    this.context.hidden = true;
    if (focus) this.focus();
  }

  typed() {
    const { value } = this.text;
    const left = MOST_UNITS - value.length;
    this.counter.textContent = left < 200 ? String(left) : "";
    this.counter.classList.toggle("over", left < 0);
    this.sendButton.disabled = !value.trim();
    const chat = this.pane.chat && chatOf(this.pane.chat);
    if (chat && /^\/[\w@]*$/.test(value) && document.activeElement === this.text) this.list.show(commandsFor(chat, this.pane.person), value);
    else this.list.hide();
    this.mark();
  }

  mark() {
    this.text.setAttribute("aria-activedescendant", this.list.active);
  }

  toggleCommands() {
    if (this.list.open) {
      this.list.hide();
      return;
    }
    this.focus();
    const commands = commandsFor(chatOf(this.pane.chat), this.pane.person);
    if (commands.length) this.list.show(commands, "/");
    else this.list.empty();
    this.mark();
  }

  pick(item, onlyInsert = false) {
    this.list.hide();
    if (onlyInsert) {
      this.text.value = `${item.insert} `;
      this.typed();
      this.focus();
      return;
    }
    this.text.value = "";
    this.typed();
    this.say({ text: item.insert });
  }

  keydown(event) {
    if (event.isComposing) return;
    if (this.list.key(event)) {
      this.mark();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.answered || this.edited)) {
      event.preventDefault();
      this.cancel();
    } else if (event.key === "PageUp" && !this.text.value) {
      event.preventDefault();
      this.pane.feed.focus();
    } else if (event.key === "ArrowUp" && !this.text.value && !event.altKey) {
      const own = this.pane.feed.newest((message) => message.from.id === this.pane.person && message.text && !message.deleted);
      if (own) {
        event.preventDefault();
        this.edit(own);
      }
    }
  }

  async send() {
    const text = this.text.value.trim();
    if (!text) return;
    const { edited } = this;
    if (edited) {
      const done = await attempt(api.act("edit", { as: this.pane.person, chat: this.pane.chat, message: edited.id, text }));
      if (done) this.cancel();
      return;
    }
    // The field is free for the next message at once; a refused text comes back.
    const { answered, quote } = this;
    this.text.value = "";
    this.typed();
    const sent = await this.say({ text });
    if (!sent) {
      if (!this.text.value) this.text.value = text;
      if (answered) this.replyTo(answered, quote);
      this.typed();
    }
  }

  fields() {
    const { person, chat, topic } = this.pane;
    return { as: person, chat, ...(topic ? { topic } : {}), ...(this.answered ? { reply_to: this.answered.id } : {}), ...(this.quote ? { quote: this.quote } : {}) };
  }

  /** Says something as the person; answers what is being answered. */
  say(what) {
    const fields = this.fields();
    if (this.answered) this.cancel();
    return attempt(api.act("say", { ...fields, ...what }));
  }

  attach(at) {
    const choose = (asDocument) => () => {
      this.asDocument = asDocument;
      this.picker.value = "";
      this.picker.click();
    };
    const made = ([media, emoji, name]) => ({ label: emoji, name: `Made-up ${name}`, run: () => this.media({ media }) });
    menu("Attach", [
      { label: "Photo, video or music…", run: choose(false) },
      { label: "File…", run: choose(true) },
      { title: "Made up by the sandbox" },
      { row: MADE_UP.slice(0, 7).map(made) },
      { row: MADE_UP.slice(7).map(made) },
      { label: "Album of photos…", run: () => this.album() },
    ], at);
  }

  /** Made-up media, with what is written as the caption. */
  async media(what) {
    const caption = this.text.value.trim();
    const captioned = !["sticker", "location", "venue", "contact", "dice", "poll", "video_note"].includes(what.media);
    const sent = await this.say({ ...what, ...(captioned && caption && !this.edited ? { caption } : {}) });
    if (sent && captioned && !this.edited) {
      this.text.value = "";
      this.typed();
    }
  }

  async album() {
    const counts = [2, 3, 4, 5, 6, 8, 10].map((count) => [count, `${count} photos`]);
    const values = await ask("Album", [{ name: "count", label: "How many", options: counts }], "Send");
    if (values) this.media({ media: "photo", album: Number(values.count) });
  }

  pickedFiles() {
    this.files([...this.picker.files], this.asDocument);
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.files(files, false);
  }

  /** Sends files, with what is written as the caption. */
  async files(files, asDocument) {
    if (!files.length) return;
    const caption = this.edited ? "" : this.text.value.trim();
    const fields = this.fields();
    if (this.answered) this.cancel();
    const sent = await sendFiles(files, fields, caption, asDocument);
    if (sent && caption) {
      this.text.value = "";
      this.typed();
    }
  }

  /** The keyboard that a bot offered last, unless it took it away. */
  refreshKeyboard() {
    const bearer = this.pane.feed.newest((message) => message.keyboard && !message.deleted && message.from.id !== this.pane.person);
    const markup = bearer?.keyboard;
    const rows = markup?.keyboard ?? [];
    const used = markup?.one_time_keyboard && this.usedKeyboard === bearer.id;
    this.offered = rows.length > 0 && !used;
    this.keyboard.hidden = !this.offered || this.folded;
    this.keyboardButton.hidden = rows.length === 0;
    this.keyboardButton.setAttribute("aria-expanded", !this.keyboard.hidden);
    if (this.shownKeyboard === bearer?.id) return;
    this.shownKeyboard = bearer?.id;
    if (markup?.force_reply && bearer === this.pane.feed.newest(() => true)) this.replyTo(bearer);
    if (markup?.input_field_placeholder) this.text.placeholder = markup.input_field_placeholder;
    fill(this.keyboard, rows.map((row) => h("div", { class: "button-row" }, row.map((button) => this.key(bearer, button)))));
  }

  /** A keyboard that was folded away, or used up, can be had again. */
  toggleKeyboard() {
    this.folded = !this.keyboard.hidden;
    if (!this.folded) this.usedKeyboard = null;
    this.refreshKeyboard();
  }

  key(bearer, button) {
    const text = typeof button === "string" ? button : button.text;
    const press = () => {
      this.usedKeyboard = bearer.id;
      this.refreshKeyboard();
      if (button.request_contact) this.say({ media: "contact" });
      else if (button.request_location) this.say({ media: "location" });
      else if (button.request_poll) this.say({ media: "poll" });
      else this.say({ text });
      this.focus();
    };
    return h("button", { type: "button", class: "reply-button", "data-testid": `button-${text}`, onclick: press }, h("span", { dir: "auto" }, text));
  }
}
