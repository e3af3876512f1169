// One message as an element.

import { clockTime, h, hue, icon, name } from "./dom.js";
import { rich } from "./entities.js";
import { media, preview } from "./media.js";
import { isService, sentence } from "./service.js";
import { authorOf, nameOf } from "./world.js";

/**
 * The element of a message. `view`: `person` who looks, `find(id)` for quoted messages, `joined` (same author as the
 * one above), `isPrivate`, and what may be done: `command`, `jump`, `tap`, `react`, `menu`, `vote`.
 */
export function messageElement(message, view) {
  return isService(message.kind) ? service(message) : bubbleRow(message, view);
}

function service(message) {
  const text = sentence(message);
  return h("div", { class: "service", ...marks(message, false), tabindex: -1, "aria-label": text }, h("span", null, text));
}

function marks(message, outgoing) {
  return {
    "data-testid": "message",
    "data-message-id": message.id,
    "data-outgoing": outgoing ? "true" : "false",
    "data-kind": message.kind,
    "data-deleted": message.deleted ? "true" : null,
  };
}

function bubbleRow(message, view) {
  const outgoing = message.from.id === view.person;
  const bare = ["sticker", "dice"].includes(message.kind) && !message.reply_to;
  const under = buttons(message, view);
  const classes = ["message", outgoing ? "out" : "in", view.joined ? "joined" : "", bare ? "bare" : "", message.deleted ? "deleted" : "", under ? "with-buttons" : ""];
  const bubble = h(
    "div",
    { class: "bubble" },
    view.joined || outgoing || view.isPrivate ? null : sender(message),
    message.forwarded_from ? h("div", { class: "forwarded" }, "Forwarded from ", name(message.forwarded_from)) : null,
    message.reply_to ? quoted(message, view) : null,
    media(message, view),
    h(
      "div",
      { class: "line" },
      message.text ? h("div", { class: "text", dir: "auto" }, rich(message.text, message.entities, view.command)) : null,
      meta(message),
    ),
  );
  const more = message.deleted
    ? null
    : h(
        "button",
        {
          type: "button", class: "icon-button more", tabindex: -1, "aria-haspopup": "menu",
          "aria-label": "What to do with this message", title: "Reply, react, edit…",
          "data-testid": "message-menu",
          onclick: (event) => view.menu(message, event.currentTarget),
        },
        icon("more"),
      );
  return h(
    "article",
    {
      class: classes.filter(Boolean).join(" "), ...marks(message, outgoing), tabindex: -1,
      "aria-label": spoken(message, outgoing),
      oncontextmenu: (event) => {
        if (message.deleted || event.target.closest("a")) return;
        event.preventDefault();
        view.menu(message, event.currentTarget, event);
      },
      ondblclick: (event) => {
        if (!message.deleted && !event.target.closest("button,a")) view.reply(message);
      },
    },
    bubble,
    more,
    under,
    reactions(message, view),
  );
}

function sender(message) {
  const author = authorOf(message);
  return h("div", { class: `sender ink-${hue(author.id)}` }, name(author.name || nameOf(author.id)), author.bot ? h("span", { class: "tag" }, "bot") : null);
}

function spoken(message, outgoing) {
  const who = outgoing ? "You" : authorOf(message).name;
  const state = message.deleted ? ", deleted" : message.edited ? ", edited" : "";
  return `${who}, ${clockTime(message.date)}${state}: ${preview(message).slice(0, 200)}`;
}

function meta(message) {
  const stamp = new Date(message.date * 1000);
  return h(
    "div",
    { class: "meta" },
    message.deleted ? h("span", { class: "mark" }, "deleted") : null,
    message.edited ? h("span", { class: "mark" }, "edited") : null,
    message.signature ? h("span", { class: "mark", dir: "auto" }, message.signature) : null,
    message.pinned ? h("span", { class: "mark pinned", title: "Pinned" }, icon("pushpin"), h("span", { class: "unseen" }, "pinned")) : null,
    h("time", { datetime: stamp.toISOString(), title: `${stamp.toLocaleString()} · message ${message.id}` }, clockTime(message.date)),
  );
}

function quoted(message, view) {
  const parent = view.find(message.reply_to);
  const gone = !parent || parent.deleted;
  const title = parent ? (parent.from.id === view.person ? "You" : authorOf(parent).name) : "Message";
  const words = message.quote ?? (gone ? "Deleted or not loaded" : preview(parent));
  return h(
    "button",
    {
      type: "button", class: `quote ${parent ? `ink-${hue(parent.from.id)}` : ""}`, "data-testid": "quote",
      "data-reply-to": message.reply_to, title: "Jump to this message",
      onclick: () => view.jump(message.reply_to),
    },
    h("span", { class: "quote-title" }, h("span", { class: "unseen" }, "Answer to "), name(title)),
    h("span", { class: "quote-text", dir: "auto" }, words.slice(0, 160)),
  );
}

function buttons(message, view) {
  if (!message.buttons?.length || message.deleted) return null;
  const label = (button) => h("span", { dir: "auto" }, button.text);
  const corner = (sign) => h("span", { class: "corner", "aria-hidden": "true" }, sign);
  const one = (button) => {
    const common = { class: "inline-button", "data-testid": `button-${button.text}` };
    if (button.url) return h("a", { ...common, href: safe(button.url), target: "_blank", rel: "noopener noreferrer", title: button.url }, label(button), corner("↗"));
    if (button.copy) return h("button", { ...common, type: "button", title: `Copies: ${button.copy}`, onclick: () => view.copy(button.copy) }, label(button), corner("⧉"));
    const title = button.data ? `callback_data: ${button.data}` : "This button calls no bot back";
    return h("button", { ...common, type: "button", disabled: !button.data, title, onclick: (event) => view.tap(message, button, event.currentTarget) }, label(button));
  };
  return h("div", { class: "inline-buttons", role: "group", "aria-label": "Buttons of the message" }, message.buttons.map((row) => h("div", { class: "button-row" }, row.map(one))));
}

function safe(url) {
  return /^(https?|tg|mailto|tel):/i.test(url) ? url : null;
}

function reactions(message, view) {
  if (!message.reactions?.length || message.deleted) return null;
  const counts = new Map();
  for (const { from, emoji } of message.reactions) counts.set(emoji, [...(counts.get(emoji) ?? []), from]);
  const chip = ([emoji, people]) => {
    const mine = people.includes(view.person);
    const who = people.map(nameOf).join(", ");
    return h(
      "button",
      {
        type: "button", class: `reaction ${mine ? "mine" : ""}`, "aria-pressed": mine ? "true" : "false", title: who,
        onclick: () => view.react(message, mine ? null : emoji),
      },
      h("span", { class: "emoji" }, emoji),
      " ",
      h("span", null, String(people.length)),
      h("span", { class: "unseen" }, ` by ${who}`),
    );
  };
  return h("div", { class: "reactions" }, [...counts].map(chip));
}

/** Whether two messages belong together: same author, five minutes, neither a service message. */
export function joins(above, message) {
  return (
    Boolean(above) && above.from.id === message.from.id && above.sender_chat === message.sender_chat && !isService(above.kind) && !isService(message.kind) &&
    message.date - above.date < 300
  );
}
