// The bar above the messages with what is pinned.

import { fill, h, icon } from "./dom.js";
import { preview } from "./media.js";

/** The bar; `feed` holds the messages. A press jumps to the pinned message, then to the one pinned before it. */
export class Pins {
  constructor(feed) {
    this.feed = feed;
    this.index = 0;
    this.title = h("span", { class: "pin-title" });
    this.words = h("span", { class: "pin-words", dir: "auto" });
    this.element = h("button", { type: "button", class: "pins", hidden: true, "data-testid": "pins", onclick: () => this.jump() }, icon("pushpin"), h("span", { class: "pin-text" }, this.title, this.words));
  }

  /** Looks again at what is pinned. */
  draw() {
    this.list = [...this.feed.messages.values()].filter((message) => message.pinned && !message.deleted).reverse();
    this.element.hidden = this.list.length === 0;
    if (!this.list.length) return;
    this.index %= this.list.length;
    const message = this.list[this.index];
    fill(this.title, this.list.length > 1 ? `Pinned message ${this.list.length - this.index} of ${this.list.length}` : "Pinned message");
    fill(this.words, preview(message));
  }

  jump() {
    this.feed.jump(this.list[this.index].id);
    this.index = (this.index + 1) % this.list.length;
    this.draw();
  }
}
