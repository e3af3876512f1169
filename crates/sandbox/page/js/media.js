// Media of every kind: photos are shown, sound and video play, the rest is a tidy card.

import { bytes, duration, h, icon } from "./dom.js";

const WORDS = {
  photo: "Photo", video: "Video", audio: "Audio", voice: "Voice message", document: "File", animation: "GIF",
  video_note: "Video message", sticker: "Sticker", location: "Location", venue: "Venue", contact: "Contact",
  dice: "Dice", poll: "Poll",
};

/** A word for a kind, for quotes, previews and labels. */
export function wordFor(kind) {
  return WORDS[kind] ?? kind.replaceAll("_", " ");
}

/** A line that stands for a message where there is no room for it. */
export function preview(message) {
  if (message.text) return message.text;
  const it = body(message);
  if (message.kind === "sticker" || message.kind === "dice") return `${it.emoji ?? ""} ${wordFor(message.kind)}`.trim();
  if (message.kind === "poll") return `Poll: ${it.question ?? ""}`;
  return wordFor(message.kind);
}

/** The element for a message's media; null for a text. `onvote` gets a list of option indexes. */
export function media(message, onvote) {
  const { kind, media: file } = message;
  const it = body(message);
  switch (kind) {
    case "text":
      return null;
    case "photo":
      return file ? picture(file) : card("file", "Photo");
    case "animation":
    case "video":
      return file ? moving(file, kind) : card("play", wordFor(kind));
    case "video_note":
      return card("play", "Video message", file && duration(file.duration ?? 0), file);
    case "sticker":
      return h("div", { class: "sticker", "aria-label": "Sticker" }, it.emoji ?? "🪷");
    case "dice":
      return h("div", { class: "sticker" }, it.emoji ?? "🎲", h("span", { class: "dice-value" }, String(it.value ?? "")));
    case "voice":
      return card("mic", "Voice message", file && duration(file.duration ?? 0), file);
    case "audio":
      return card("music", it.title ?? file?.name ?? "Audio", [it.performer, file && duration(file.duration ?? 0)].filter(Boolean).join(" · "), file);
    case "location":
      return card("pin", "Location", place(it));
    case "venue":
      return card("pin", it.title ?? "Venue", it.address ?? place(it.location ?? {}));
    case "contact":
      return card("person", [it.first_name, it.last_name].filter(Boolean).join(" ") || "Contact", it.phone_number);
    case "poll":
      return poll(it, onvote);
    default:
      return card("file", file?.name || wordFor(kind), file && `${bytes(file.size)} · ${file.mime}`, file);
  }
}

/** The Bot API object of the message's kind, whether or not it is wrapped in the kind's name. */
function body(message) {
  return message.content?.[message.kind] ?? message.content ?? {};
}

function place(location) {
  const number = (value) => (typeof value === "number" ? value.toFixed(4) : "?");
  return `${number(location.latitude)}, ${number(location.longitude)}`;
}

function picture(file) {
  // The size is known before the picture: nothing jumps when it arrives.
  const image = h("img", {
    src: file.url, alt: file.name || "Photo", loading: "lazy",
    width: file.width || 640, height: file.height || 480,
  });
  return h("a", { class: "picture", href: file.url, target: "_blank", "aria-label": "Open the photo" }, image);
}

function moving(file, kind) {
  const link = h("a", { class: "picture moving", href: file.url, target: "_blank", "aria-label": `Open the ${wordFor(kind)}` });
  link.append(h("span", { class: "play" }, icon("play")), h("span", { class: "badge" }, `${wordFor(kind)} · ${duration(file.duration ?? 0)}`));
  return link;
}

function card(name, title, detail, file) {
  const inner = [
    h("span", { class: "card-icon" }, icon(name)),
    h("span", { class: "card-text" }, h("span", { class: "card-title" }, title), detail ? h("span", { class: "card-detail" }, detail) : null),
  ];
  return file?.url
    ? h("a", { class: "card", href: file.url, download: file.name || true, "aria-label": `${title}: download` }, inner)
    : h("div", { class: "card" }, inner);
}

function poll(it, onvote) {
  const total = it.total_voter_count ?? 0;
  const option = (choice, index) => {
    const share = total ? Math.round((100 * (choice.voter_count ?? 0)) / total) : 0;
    return h(
      "button",
      { type: "button", class: "poll-option", disabled: it.is_closed || !onvote, onclick: () => onvote?.([index]) },
      h("span", { class: "poll-share" }, `${share}%`),
      h("span", null, choice.text),
      h("meter", { min: 0, max: 100, value: share, "aria-label": `${share}%` }),
    );
  };
  return h(
    "div",
    { class: "poll" },
    h("strong", null, it.question ?? "Poll"),
    h("span", { class: "card-detail" }, `${it.is_closed ? "Final results" : "Poll"} · ${total} ${total === 1 ? "vote" : "votes"}`),
    (it.options ?? []).map(option),
  );
}
