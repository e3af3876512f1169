// Text with its entities. Offsets count UTF-16 units, as JavaScript's strings do.

import { h } from "./dom.js";

const SAFE_LINK = /^(https?|tg|mailto|tel|ton):/i;

/** Nodes of a text; `oncommand` is called when a command in it is pressed. */
export function rich(text, entities, oncommand) {
  const sorted = [...(entities ?? [])]
    .filter((entity) => entity.length > 0 && entity.offset < text.length)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, oncommand);
}

function span(text, start, end, entities, oncommand) {
  const nodes = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    index += 1;
    if (to <= from) continue;
    if (from > at) nodes.push(text.slice(at, from));
    const inner = [];
    while (index < entities.length && entities[index].offset < to) {
      inner.push(entities[index]);
      index += 1;
    }
    nodes.push(wrap(entity, text.slice(from, to), span(text, from, to, inner, oncommand), oncommand));
    at = to;
    // What begins inside and ends behind: its rest is shown as well.
    const rest = inner
      .filter((other) => other.offset + other.length > to)
      .map((other) => ({ ...other, offset: to, length: other.offset + other.length - to }));
    if (rest.length) {
      entities = [...entities.slice(0, index), ...rest, ...entities.slice(index)];
    }
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes.map((node, index) => (isBlock(nodes[index - 1]) && typeof node === "string" ? node.replace(/^\n/, "") : node));
}

/** A block begins a line by itself: the line break after it would show as an empty line. */
function isBlock(node) {
  return node instanceof Element && ["PRE", "BLOCKQUOTE", "DETAILS"].includes(node.tagName);
}

function wrap(entity, text, nodes, oncommand) {
  switch (entity.type) {
    case "bold":
      return h("strong", null, nodes);
    case "italic":
      return h("em", null, nodes);
    case "underline":
      return h("u", null, nodes);
    case "strikethrough":
      return h("s", null, nodes);
    case "code":
      return h("code", null, nodes);
    case "pre":
      return h("pre", { "data-language": entity.language || null, tabindex: 0 }, h("code", null, nodes));
    case "blockquote":
      return h("blockquote", null, nodes);
    case "expandable_blockquote":
      return h("details", { class: "expandable" }, h("summary", null, "Quote"), h("blockquote", null, nodes));
    case "spoiler":
      return spoiler(nodes);
    case "text_link":
      return link(entity.url, nodes);
    case "url":
      return link(SAFE_LINK.test(text) ? text : `https:${"//"}${text}`, nodes);
    case "email":
      return link(`mailto:${text}`, nodes);
    case "phone_number":
      return link(`tel:${text.replace(/[^+\d]/g, "")}`, nodes);
    case "bot_command":
      return oncommand
        ? h("button", { type: "button", class: "inline-command", title: "Send this command", onclick: () => oncommand(text) }, nodes)
        : h("span", { class: "mention" }, nodes);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "mention", title: entity.user ? `user ${entity.user.id}` : null }, nodes);
    default:
      return h("span", null, nodes);
  }
}

function link(url, nodes) {
  if (!SAFE_LINK.test(url ?? "")) return h("span", { class: "mention" }, nodes);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: url }, nodes);
}

function spoiler(nodes) {
  const element = h("span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Hidden text; press to show" }, nodes);
  const show = () => {
    element.classList.add("shown");
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
    element.removeAttribute("aria-label");
  };
  element.addEventListener("click", show);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
  return element;
}
