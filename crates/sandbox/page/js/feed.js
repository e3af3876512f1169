// The messages of one chat or topic: loaded once, then appended to and corrected in place.

import * as api from "./api.js";
import { day, h, icon, scrolling } from "./dom.js";
import { Roving } from "./roving.js";
import { joins, messageElement } from "./message.js";
import { attempt } from "./notices.js";
import { on, topicOf, world } from "./world.js";

const FIRST_LOAD = 1000;
const NEAR_BOTTOM = 120;
const A_MOMENT = 1000;

/** A scrolling list of messages. `view` is what message.js needs; `oncount` hears how many messages there are. */
export class Feed {
  constructor(view, onchange) {
    this.view = view;
    this.onchange = onchange;
    this.messages = new Map();
    this.elements = new Map();
    this.last = null;
    this.lastDay = "";
    this.generation = 0;
    this.unseen = 0;
    this.list = h("div", {
      class: "feed-list", role: "log", "aria-live": "polite", "aria-label": "Messages", "data-testid": "feed",
      onkeydown: (event) => this.keydown(event),
    });
    this.roving = new Roving(this.list);
    this.scroller = h("div", { class: "feed-scroll", onscroll: () => this.scrolled() }, this.list);
    this.jumpButton = h("button", { type: "button", class: "to-bottom", hidden: true, onclick: () => this.toBottom(true) }, icon("down"), h("span"));
    this.element = h("div", { class: "feed" }, this.scroller, this.jumpButton);
    this.stuck = true;
    this.touched = -Infinity;
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.scroller.addEventListener(kind, () => (this.touched = performance.now()), { passive: true });
    }
    this.sizes = new ResizeObserver(() => this.stuck && this.toBottom());
    this.sizes.observe(this.scroller);
    this.sizes.observe(this.list);
    this.off = [
      on("message", ({ message }) => this.take(message)),
      on("edited", ({ message }) => this.take(message)),
      on("reaction", ({ message }) => this.take(message)),
      on("deleted", ({ chat, ids }) => this.remove(chat, ids)),
    ];
  }

  /** Lets go of the events. */
  close() {
    this.off.forEach((off) => off());
    this.sizes.disconnect();
  }

  /** Shows another chat or topic (`null` topic: the chat is no forum). */
  async show(chat, topic) {
    this.chat = chat;
    this.topic = topic;
    this.clear();
    await this.load(FIRST_LOAD);
  }

  /** Loads everything anew, where the reader is. */
  async restart() {
    const { stuck } = this;
    const { scrollTop } = this.scroller;
    this.fresh = true;
    await this.load();
    this.stuck = stuck;
    if (!stuck) this.scroller.scrollTop = scrollTop;
  }

  clear() {
    this.messages.clear();
    this.elements.clear();
    this.list.replaceChildren();
    this.roving.clear();
    this.last = null;
    this.lastDay = "";
    this.unseen = 0;
    this.album = null;
    this.stuck = true;
    this.jumpButton.hidden = true;
  }

  /** Fetches what is there and merges it; also after a lost connection. */
  async load(limit = FIRST_LOAD) {
    const generation = (this.generation += 1);
    const { chat, topic } = this;
    // A private chat that nobody wrote into is not there yet.
    const loaded = world.chats.has(chat) ? ((await attempt(api.messages(chat, { topic, limit }))) ?? []) : [];
    if (generation !== this.generation) return;
    if (this.fresh) this.messages.clear();
    this.fresh = false;
    const oldest = Math.min(...this.messages.keys());
    const ordered = loaded.every((message) => this.messages.has(message.id) || message.id > (this.last?.id ?? 0) || message.id > oldest);
    if (!ordered || this.messages.size === 0) {
      const merged = new Map([...loaded.map((message) => [message.id, message]), ...this.messages]);
      this.clear();
      this.list.setAttribute("aria-live", "off");
      if (loaded.length >= limit) this.list.append(this.earlier(limit));
      for (const message of [...merged.values()].sort((a, b) => a.id - b.id)) this.append(message);
      // Only what comes from now on is read out.
      requestAnimationFrame(() => this.list.setAttribute("aria-live", "polite"));
    } else {
      loaded.forEach((message) => this.take(message));
    }
    this.onchange();
    this.toBottom();
  }

  earlier(limit) {
    const load = () => {
      this.clear();
      this.load(limit * 10);
    };
    return h("button", { type: "button", class: "earlier", onclick: load }, "Show earlier messages");
  }

  belongs(message) {
    return message && message.chat === this.chat && (this.topic === null || topicOf(message) === this.topic);
  }

  take(message) {
    if (!this.belongs(message)) return;
    if (this.messages.has(message.id)) {
      this.replace(message);
      return;
    }
    const mine = message.from.id === this.view.person;
    this.append(message);
    if (this.stuck || mine) this.toBottom();
    else this.showUnseen(1);
    this.onchange(message);
  }

  append(message) {
    this.messages.set(message.id, message);
    const today = day(message.date);
    if (today !== this.lastDay) {
      this.lastDay = today;
      this.list.append(h("div", { class: "day", role: "separator" }, h("span", null, today)));
      this.last = null;
    }
    const joined = joins(this.last, message);
    const element = messageElement(message, Object.assign(Object.create(this.view), { joined }));
    element.dataset.joined = joined;
    this.elements.set(message.id, element);
    this.place(message, element);
    this.roving.take(element);
    this.last = message;
  }

  /** Items of an album stand in one grid; everything else stands by itself. */
  place(message, element) {
    if (!message.media_group) {
      this.album = null;
      this.list.append(element);
      return;
    }
    if (this.album?.group !== message.media_group) {
      const side = message.from.id === this.view.person ? "out" : "in";
      this.album = { group: message.media_group, grid: h("div", { class: `album ${side}`, role: "group", "aria-label": "Album" }) };
      this.list.append(this.album.grid);
    }
    this.album.grid.append(element);
    this.album.grid.dataset.count = this.album.grid.querySelectorAll("[data-message-id]").length;
    settle(this.album.grid, element);
  }

  replace(message) {
    const old = this.elements.get(message.id);
    const same = JSON.stringify(this.messages.get(message.id)) === JSON.stringify(message);
    this.messages.set(message.id, message);
    if (this.last?.id === message.id) this.last = message;
    if (same) return;
    this.redraw(message, old);
    // What quotes it shows its new words.
    for (const quote of this.list.querySelectorAll(`[data-reply-to="${Number(message.id)}"]`)) {
      const element = quote.closest("[data-message-id]");
      this.redraw(this.messages.get(Number(element.dataset.messageId)), element);
    }
    this.onchange();
  }

  redraw(message, old) {
    const joined = old.dataset.joined === "true";
    // A getter stays a getter only when the view is not copied.
    const element = messageElement(message, Object.assign(Object.create(this.view), { joined }));
    element.dataset.joined = joined;
    const label = old.contains(document.activeElement) && this.roving.nameOf(document.activeElement);
    old.replaceWith(element);
    this.elements.set(message.id, element);
    this.roving.replace(old, element);
    if (message.media_group) settle(element.closest(".album"), element);
    // What had the focus keeps it, and what is gone gives it to its message.
    if (label !== false) (this.roving.find(element, label) ?? element).focus({ preventScroll: true });
  }

  remove(chat, ids) {
    if (chat !== this.chat) return;
    for (const id of ids) {
      const message = this.messages.get(id);
      if (message && !message.deleted) this.replace({ ...message, deleted: true });
    }
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    // What grows above, a picture that arrives, is no reader who scrolls away.
    if (!near && this.stuck && performance.now() - this.touched > A_MOMENT) {
      this.toBottom();
      return;
    }
    this.stuck = near;
    if (this.stuck) {
      this.unseen = 0;
      this.jumpButton.hidden = true;
    } else if (this.messages.size) {
      this.showUnseen(0);
    }
  }

  showUnseen(more) {
    this.unseen += more;
    this.jumpButton.hidden = false;
    this.jumpButton.lastChild.textContent = this.unseen ? String(this.unseen) : "";
    this.jumpButton.setAttribute("aria-label", this.unseen ? `${this.unseen} new messages below` : "To the newest message");
  }

  toBottom(smooth = false) {
    this.stuck = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? scrolling() : "instant" });
  }

  /** Puts the focus on the newest message. */
  focus() {
    this.roving.focus();
  }

  /** Scrolls to a message and lets it flash; false when it is not here. */
  jump(id) {
    const element = this.elements.get(id);
    if (!element) return false;
    this.stuck = false;
    element.scrollIntoView({ block: "center", behavior: scrolling() });
    element.focus({ preventScroll: true });
    element.classList.remove("flash");
    // Reading the layout restarts the animation.
    void element.offsetWidth;
    element.classList.add("flash");
    return true;
  }

  /** The newest message that fits. */
  newest(fits) {
    return [...this.messages.values()].reverse().find(fits);
  }

  keydown(event) {
    const current = event.target.closest?.("[data-message-id]");
    if (this.roving.key(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (current && current !== event.target) current.focus();
      else this.view.write();
      return;
    }
    const message = current === event.target && this.messages.get(Number(current?.dataset.messageId));
    if (message && !message.deleted) this.view.key(event, message, current);
  }
}

/** The words of an item stand below all pictures of its album. */
function settle(album, item) {
  const id = item.dataset.messageId;
  album.querySelector(`:scope > .album-words > [data-of="${id}"]`)?.remove();
  const line = item.querySelector(".text")?.closest(".line");
  let words = album.querySelector(":scope > .album-words");
  if (line) {
    words ??= h("div", { class: "album-words" });
    line.dataset.of = id;
    words.append(line);
  }
  // Pictures that came later stand before the words again.
  if (words) album.append(words);
}
