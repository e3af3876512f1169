// A pane: one person in one chat.

import * as api from "./api.js";
import { Actions } from "./actions.js";
import { chatEntries } from "./about.js";
import { Composer } from "./composer.js";
import { avatar, fill, h, iconButton } from "./dom.js";
import { fillEmpty } from "./empty.js";
import { rich } from "./entities.js";
import { Feed } from "./feed.js";
import { menu } from "./menu.js";
import { attempt, copyText, dialog, toast } from "./notices.js";
import { Pins } from "./pins.js";
import { Topics } from "./topics.js";
import { GENERAL, chatOf, chatsFor, isAdmin, isIn, on, statusIn, titleOf, world } from "./world.js";

const TYPING_MS = 5500;
/** What is worth saying of how somebody stands in a group. */
const STANDING = { creator: "owner", administrator: "administrator", restricted: "restricted", left: "not a member", kicked: "banned" };
const ANSWER_MS = 15_000;
/** A draft that nobody goes on with is gone after half a minute, as at Telegram. */
const DRAFT_MS = 30_000;

/** `app` gives `changed()`, `remove(pane)` and `isShown(pane)`; `at` names person, chat and topic. */
export class Pane {
  constructor(number, at, app) {
    this.number = number;
    this.app = app;
    this.person = at.person;
    this.chat = at.chat;
    this.topic = at.topic ?? null;
    this.waiting = new Map();
    this.answers = new Map();
    this.personSelect = h("select", { "data-testid": "person-select", "aria-label": "Person", onchange: () => this.choosePerson(Number(this.personSelect.value)) });
    this.chatSelect = h("select", { "data-testid": "chat-select", "aria-label": "Chat", onchange: () => this.open(this.chatSelect.value) });
    this.face = h("span", { class: "face" });
    this.status = h("span", { class: "pane-status", role: "status" });
    this.back = iconButton("back", "All topics", () => this.openTopic(null), { class: "icon-button back" });
    this.head = h("header", { class: "pane-head" });
    this.composer = new Composer(this);
    this.actions = new Actions(() => this, this.composer);
    this.feed = new Feed(this.viewOfMessages(), (message) => this.feedChanged(message));
    this.topics = new Topics(this);
    this.banner = h("div", { class: "pane-banner", role: "status", hidden: true });
    this.pins = new Pins(this.feed);
    this.empty = h("div", { class: "empty", "data-testid": "empty" });
    this.draft = h("div", { class: "drafting", hidden: true, "data-testid": "draft" });
    this.drop = h("div", { class: "drop", "aria-hidden": "true" }, "Drop files to send them");
    this.conversation = h("div", { class: "conversation" }, this.banner, this.pins.element, this.feed.element, this.empty, this.draft, this.composer.element, this.drop);
    this.element = h(
      "section",
      { class: "pane", "data-testid": `pane-${number}`, id: `pane-${number}`, ondragover: (event) => this.dragged(event), ondragleave: (event) => this.dragged(event), ondrop: (event) => this.dropped(event), onpointerdown: () => app.focused(this), onfocusin: () => app.focused(this) },
      this.head,
      h("div", { class: "pane-body" }, this.topics.element, this.conversation),
    );
    fill(
      this.head, this.back, this.face,
      h("div", { class: "choosers" }, h("label", { class: "chooser who" }, this.personSelect), h("label", { class: "chooser where" }, this.chatSelect, this.status)),
      iconButton("more", "More about this chat", (event) => this.more(event.currentTarget), { "aria-haspopup": "menu", "data-testid": "pane-menu" }),
      iconButton("close", "Close this pane", () => app.remove(this), { "data-testid": "pane-close" }),
    );
    this.off = [
      on("chat", ({ chat }) => chat.chat === this.chat && this.refresh()),
      on("people", () => this.refresh()),
      on("loaded", () => this.reconnected()),
      on("action", (event) => this.typing(event)),
      on("draft", (event) => this.drafted(event)),
      on("callback_answer", (event) => this.answered(event)),
    ];
    this.open(this.chat, this.topic);
  }

  close() {
    [...this.off, () => this.feed.close(), () => this.topics.close()].forEach((off) => off());
    this.element.remove();
  }

  viewOfMessages() {
    const pane = this;
    return {
      get person() { return pane.person; },
      get isPrivate() { return !String(pane.chat).startsWith("-"); },
      find: (id) => pane.feed.messages.get(id),
      jump: (id) => pane.feed.jump(id) || toast("That message is not in this list: it is older, deleted, or in another topic"),
      command: (text) => pane.composer.say({ text }),
      reply: (message) => pane.actions.reply(message),
      copy: copyText,
      write: () => pane.composer.focus(),
      menu: (message, at, event) => pane.actions.menu(message, at, event),
      key: (event, message, at) => pane.actions.key(event, message, at),
      react: (message, emoji) => pane.actions.react(message, emoji),
      vote: (message, options) => pane.actions.vote(message, options),
      tap: (message, button, element) => pane.tap(message, button, element),
    };
  }

  /** Puts the focus where one writes, or where one gets to it. */
  write() {
    if (this.composer.element.checkVisibility()) this.composer.focus();
    else if (this.topics.element.checkVisibility()) this.topics.focus();
    else (this.banner.querySelector("button") ?? this.personSelect).focus();
  }

  isVisible() {
    return this.app.isShown(this) && !document.hidden && this.conversation.checkVisibility();
  }

  /** Another person: their chat with the same bot, or the same group if they are in it. */
  choosePerson(person) {
    const before = chatOf(this.chat);
    this.person = person;
    const { bots, mine } = chatsFor(person);
    const same = before?.type !== "private" && before && isIn(before, person) ? before : null;
    this.open((same ?? bots[0] ?? mine[0])?.chat ?? this.chat);
  }

  /** Opens a chat, a forum at `topic` (its General without one). */
  open(id, topic = null) {
    const place = this.composer.place;
    this.chat = String(id);
    const chat = chatOf(this.chat);
    if (chat?.type === "private" && chat.person !== this.person) this.person = chat.person;
    if (!chat?.topics.some((one) => one.id === topic && !one.deleted)) topic = null;
    this.draft.hidden = true;
    this.topic = chat?.forum ? (topic ?? GENERAL) : null;
    this.element.dataset.forum = Boolean(chat?.forum);
    this.element.dataset.view = topic ? "feed" : "topics";
    this.composer.switchFrom(place);
    if (chat?.forum) this.topics.show();
    this.refresh();
    this.showFeed();
    this.app.changed();
  }

  /** Opens a topic of the forum; null goes back to the list where there is no room for both. */
  openTopic(topic) {
    this.element.dataset.view = topic === null ? "topics" : "feed";
    if (topic === null || topic === this.topic) {
      if (topic !== null) this.topics.read(topic);
      this.topics.draw();
      return;
    }
    const place = this.composer.place;
    this.topic = topic;
    this.composer.switchFrom(place);
    this.topics.read(topic);
    this.refresh();
    this.showFeed();
    this.app.changed();
    this.composer.focus();
  }

  async showFeed() {
    this.composer.shownKeyboard = undefined;
    this.feed.list.setAttribute("aria-busy", "true");
    await this.feed.show(this.chat, this.topic);
    this.feed.list.setAttribute("aria-busy", "false");
  }

  /** The connection is there again, or the whole world changed: what is shown may be old. */
  reconnected() {
    if (!world.people.has(this.person) || !chatOf(this.chat)) {
      this.app.homeless(this);
      return;
    }
    this.refresh();
    this.feed.restart();
    if (chatOf(this.chat).forum) this.topics.show();
  }

  feedChanged(message) {
    this.pins.draw();
    this.composer.refreshKeyboard();
    // Who has written types no more.
    if (message && message.from.id !== this.person) {
      this.doing = null;
      this.draft.hidden = true;
    }
    fill(this.status, this.statusText());
    this.refreshEmpty();
    if (message) this.app.arrived(this, message);
  }

  /** Draws everything but the messages. */
  refresh() {
    const person = world.people.get(this.person);
    if (!person) return;
    const chat = chatOf(this.chat);
    fill(this.face, avatar(person.id, person.name));
    choices(this.personSelect, this.person, [["", [...world.people.values()].map((one) => [one.id, `${one.name} (${one.language ?? "?"})`])]]);
    const { bots, mine, others } = chatsFor(this.person);
    const named = (list) => list.map((one) => [one.chat, titleOf(one)]);
    choices(this.chatSelect, this.chat, [["Bots", named(bots)], ["Groups", named(mine)], ["Not a member of", named(others)]]);
    this.element.setAttribute("aria-label", `${person.name} in ${chat ? titleOf(chat) : "?"}`);
    fill(this.status, this.statusText());
    this.refreshBanner(chat);
    this.refreshEmpty();
  }

  statusText() {
    const chat = chatOf(this.chat);
    if (!chat) return "";
    if (this.doing?.chat === this.chat) return this.doing.text;
    if (chat.type === "private") return `@${world.bots.get(chat.bot)?.username ?? "bot"}`;
    const topic = chat.topics.find((one) => one.id === this.topic);
    const count = chat.members.filter((member) => !["left", "kicked"].includes(member.status)).length;
    const word = chat.type === "channel" ? "subscriber" : "member";
    return [topic?.name, `${count} ${word}${count === 1 ? "" : "s"}`, STANDING[statusIn(chat, this.person)]].filter(Boolean).join(" · ");
  }

  /** What keeps the person from writing, with the way out of it. */
  refreshBanner(chat) {
    const say = (text, action, run) => {
      fill(this.banner, h("span", null, text), action ? h("button", { type: "button", class: "primary small", onclick: run }, action) : null);
      this.banner.hidden = false;
      this.composer.element.hidden = true;
    };
    this.banner.hidden = true;
    this.composer.element.hidden = false;
    if (!chat) say("This chat is gone.");
    else if (chat.blocked) say("You have blocked this bot: it cannot write to you.", "Unblock and start", () => attempt(api.act("start", { as: this.person, bot: chat.bot })));
    else if (chat.migrated_to) say("This group has become a supergroup.", "Go there", () => this.open(chat.migrated_to));
    else if (!isIn(chat, this.person)) {
      const kicked = statusIn(chat, this.person) === "kicked";
      say(kicked ? "You were banned here. An administrator can let you in again." : `${world.people.get(this.person)?.first_name ?? "This person"} is not in here; you read along as the developer.`, kicked ? null : "Join", () => attempt(api.act("join", { as: this.person, chat: chat.chat })));
    } else if (chat.type === "channel" && !isAdmin(chat, this.person)) say("Only administrators write in this channel.");
    else if (statusIn(chat, this.person) === "restricted") say("You may read here, but not write: an administrator restricted you.");
    else {
      const topic = chat.topics.find((one) => one.id === this.topic);
      if (topic?.deleted) say("This topic was deleted.", "Back to General", () => this.openTopic(GENERAL));
      else if (topic?.closed && !isAdmin(chat, this.person)) say("This topic is closed; only administrators may write.");
      else if (topic?.closed) {
        say("This topic is closed. You may write, as an administrator.", "Reopen", () => attempt(api.act("reopen_topic", { as: this.person, chat: chat.chat, topic: topic.id })));
        this.composer.element.hidden = false;
      }
    }
    if (world.people.get(this.person)?.deactivated) say("This account was deleted.");
  }

  refreshEmpty() {
    const chat = chatOf(this.chat);
    const none = Boolean(chat) && this.feed.messages.size === 0;
    this.empty.hidden = !none;
    this.feed.element.classList.toggle("is-empty", none);
    if (none) fillEmpty(this.empty, this, chat);
  }

  typing({ chat, topic, bot, action }) {
    if (chat !== this.chat || (this.topic && (topic ?? GENERAL) !== this.topic)) return;
    const what = String(action ?? "typing").replaceAll("_", " ");
    this.doing = { chat, text: `${world.bots.get(bot)?.name ?? "Bot"}: ${what}…` };
    fill(this.status, this.statusText());
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      this.doing = null;
      fill(this.status, this.statusText());
    }, TYPING_MS);
  }

  /** What a bot has of its answer so far; the answer itself comes as a message. */
  drafted({ chat, bot, text, entities }) {
    if (chat !== this.chat) return;
    this.draft.hidden = !text;
    fill(this.draft, h("span", { class: "hint" }, `${world.bots.get(bot)?.name ?? "Bot"} is writing`), h("div", { class: "text", dir: "auto" }, rich(text, entities)));
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => (this.draft.hidden = true), DRAFT_MS);
  }

  async tap(message, button, element) {
    element.classList.add("busy");
    const done = () => element.classList.remove("busy");
    const tapped = await attempt(api.act("tap", { as: this.person, chat: this.chat, message: message.id, label: button.text }));
    if (!tapped) return done();
    const id = String(tapped.callback);
    if (this.answers.delete(id)) return done();
    const timer = setTimeout(() => {
      this.waiting.delete(id);
      done();
      toast("The bot has not answered the press on the button", "error");
    }, ANSWER_MS);
    this.waiting.set(id, () => (clearTimeout(timer), done()));
  }

  answered({ id, person, chat, text, alert, url }) {
    if (person !== this.person || chat !== this.chat) return;
    const waiting = this.waiting.get(String(id));
    if (waiting) waiting();
    else this.answers.set(String(id), true);
    this.waiting.delete(String(id));
    if (text && alert) dialog(titleOf(chatOf(chat)), h("p", null, text), [{ label: "OK", value: "ok", primary: true }]);
    else if (text) toast(text, "answer");
    else if (url) toast(`The bot asks to open ${url}`, "answer");
  }

  more(at) {
    const chat = chatOf(this.chat);
    if (!chat) return;
    const topic = chat.topics.find((one) => one.id === this.topic);
    menu("More", [...(topic ? this.topics.entries(topic) : []), ...chatEntries(chat, this)], at);
  }

  dragged(event) {
    const over = event.type === "dragover" && [...event.dataTransfer.types].includes("Files") && !this.composer.element.hidden;
    if (over) event.preventDefault();
    this.conversation.classList.toggle("dropping", over);
  }

  dropped(event) {
    this.conversation.classList.remove("dropping");
    const files = [...event.dataTransfer.files];
    if (!files.length || this.composer.element.hidden) return;
    event.preventDefault();
    this.composer.files(files, false);
  }
}

/** Fills a select only when its choices change: a list that is open must not close. */
function choices(select, chosen, groups) {
  const key = JSON.stringify(groups);
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    const options = (list) => list.map(([value, text]) => h("option", { value }, text));
    fill(select, groups.map(([label, list]) => (label && list.length ? h("optgroup", { label }, options(list)) : options(list))));
  }
  select.value = String(chosen);
}
