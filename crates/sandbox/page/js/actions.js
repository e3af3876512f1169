// What a person does with a message.

import * as api from "./api.js";
import { preview } from "./media.js";
import { menu } from "./menu.js";
import { ask, attempt, confirm, copyText, toast } from "./notices.js";
import { chatsFor, isAdmin, chatOf, titleOf } from "./world.js";

const EMOJI = ["👍", "❤", "🔥", "🎉", "😁", "🙏", "👎"];

/** The actions of a pane: `who()` gives `{person, chat}`, `composer` takes replies and edits. */
export class Actions {
  constructor(who, composer) {
    this.who = who;
    this.composer = composer;
  }

  /** Opens the menu of a message. */
  menu(message, at, event) {
    const { person, chat } = this.who();
    const mine = message.from.id === person;
    const place = chatOf(chat);
    const mayDelete = mine || place.type === "private" || isAdmin(place, person);
    const mayPin = place.type === "private" || isAdmin(place, person);
    // What is marked with the mouse is what is quoted; without a mark it is asked for.
    const marked = String(getSelection()).trim();
    const words = marked && at.contains(getSelection().anchorNode) && message.text?.includes(marked) ? marked : null;
    menu("Message", [
      { row: EMOJI.map((emoji) => ({ label: emoji, name: `React with ${emoji}`, pressed: this.reacted(message, emoji), run: () => this.react(message, emoji) })) },
      { label: "Reply", key: "R", run: () => this.reply(message) },
      message.text ? { label: words ? "Quote what is marked" : "Quote…", key: "Q", run: () => this.quote(message, words) } : null,
      mine && message.text !== null ? { label: "Edit", key: "E", run: () => this.edit(message) } : null,
      message.text ? { label: "Copy text", key: "C", run: () => this.copy(message) } : null,
      { label: "Forward…", run: () => this.forward(message, at) },
      mayPin ? { label: message.pinned ? "Unpin" : "Pin", run: () => attempt(api.act(message.pinned ? "unpin" : "pin", this.on(message))) } : null,
      mayDelete ? { label: "Delete", key: "Del", danger: true, run: () => this.remove(message) } : null,
    ], at, event);
  }

  /** Keys on a focused message. */
  key(event, message, at) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mine = message.from.id === this.who().person;
    const run = {
      r: () => this.reply(message),
      e: () => mine && this.edit(message),
      c: () => this.copy(message),
      q: () => message.text && this.quote(message, null),
      Delete: () => this.remove(message),
      Enter: () => this.menu(message, at),
      ContextMenu: () => this.menu(message, at),
    }[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  reply(message) {
    this.composer.replyTo(message);
  }

  async quote(message, words) {
    const quote = words ?? (await ask("Quote", [{ name: "words", label: "The words to answer", value: message.text, lines: 4, required: true }], "Quote"))?.words;
    if (quote && !message.text.includes(quote)) toast("Those words do not stand in the message; quote them as they are", "error");
    else if (quote) this.composer.replyTo(message, quote);
  }

  edit(message) {
    this.composer.edit(message);
  }

  reacted(message, emoji) {
    const { person } = this.who();
    return message.reactions.some((reaction) => reaction.from === person && reaction.emoji === emoji);
  }

  react(message, emoji) {
    const again = emoji !== null && this.reacted(message, emoji);
    return attempt(api.act("react", { ...this.on(message), emoji: again ? null : emoji }));
  }

  vote(message, options) {
    return attempt(api.act("vote", { ...this.on(message), options }));
  }

  copy(message) {
    return copyText(message.text ?? "");
  }

  async remove(message) {
    const words = preview(message).slice(0, 120);
    if (!(await confirm("Delete this message?", `“${words}” is deleted for everybody in the chat. Bots are not told, as at Telegram.`, "Delete"))) return;
    await attempt(api.act("delete", this.on(message)));
  }

  forward(message, at) {
    const { person } = this.who();
    const { bots, mine } = chatsFor(person);
    const to = (chat) => ({ label: titleOf(chat), run: () => attempt(api.act("forward", { ...this.on(message), to: chat.chat })).then((done) => done && toast(`Forwarded to ${titleOf(chat)}`)) });
    menu("Forward to", [{ title: "Forward to" }, ...[...bots, ...mine].map(to)], at);
  }

  /** Who does it, and with which message. */
  on(message) {
    const { person, chat } = this.who();
    return { as: person, chat, message: message.id };
  }
}
