// Media of every kind: photos are shown, sound and video play where the file can be played, the rest is a tidy card.

import { bytes, duration, h, icon } from "./dom.js";
import { poll } from "./poll.js";

const WORDS = {
  photo: "Photo", video: "Video", audio: "Audio", voice: "Voice message", document: "File", animation: "GIF",
  video_note: "Video message", sticker: "Sticker", location: "Location", venue: "Venue", contact: "Contact",
  dice: "Dice", poll: "Poll", live_photo: "Live photo", paid_media: "Paid media", checklist: "Checklist", story: "Story",
  game: "Game", invoice: "Invoice", rich_message: "Rich message",
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
  if (message.kind === "document" && message.media?.name) return message.media.name;
  return wordFor(message.kind);
}

/** The element for a message's media; null for a text. `view` is what message.js has. */
export function media(message, view) {
  const { kind, media: file } = message;
  const it = body(message);
  switch (kind) {
    case "text":
      return null;
    case "photo":
      return file ? picture(file, message) : card("file", "Photo");
    case "animation":
    case "video":
    case "video_note":
      return file ? moving(file, kind) : card("play", wordFor(kind));
    case "live_photo":
      return file ? moving(file, "animation") : card("play", wordFor(kind));
    case "paid_media":
      return paid(it, file, message);
    case "sticker":
      return sticker(it, file);
    case "dice":
      return h("div", { class: "sticker", role: "img", "aria-label": `${it.emoji ?? "Dice"} shows ${it.value ?? "?"}` }, it.emoji ?? "🎲", h("span", { class: "dice-value" }, String(it.value ?? "")));
    case "voice":
      return sound("mic", "Voice message", file && duration(file.duration ?? 0), file);
    case "audio":
      return sound("music", it.title ?? file?.name ?? "Audio", [it.performer, file && duration(file.duration ?? 0)].filter(Boolean).join(" · "), file);
    case "location":
      return card("pin", it.live_period ? "Live location" : "Location", place(it));
    case "venue":
      return card("pin", it.title ?? "Venue", it.address ?? place(it.location ?? {}));
    case "contact":
      return card("person", [it.first_name, it.last_name].filter(Boolean).join(" ") || "Contact", it.phone_number);
    case "poll":
      return poll(message, it, view);
    case "game":
      return card("play", it.title ?? "Game", it.description);
    case "checklist":
      return checklist(it);
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

function picture(file, message) {
  // The size is known before the picture: nothing jumps when it arrives.
  const image = h("img", {
    src: file.url, alt: message.text ? "" : file.name || "Photo", loading: "lazy",
    width: file.width || 640, height: file.height || 480,
  });
  image.addEventListener("error", () => link.replaceWith(card("file", "Photo", "The file is no picture that a browser shows", file)));
  const link = h("a", { class: "picture", href: file.url, target: "_blank", "aria-label": `Open the photo ${file.name}` }, image);
  return link;
}

/** A film; a card when the file cannot be played, as those that the sandbox makes up may be. */
function moving(file, kind) {
  const facts = [duration(file.duration ?? 0), bytes(file.size)].join(" · ");
  if (!file.mime.startsWith("video/")) return file.mime.startsWith("image/") ? picture(file, {}) : card("play", wordFor(kind), facts, file);
  const film = h("video", {
    src: file.url, preload: "metadata", controls: kind === "video", loop: kind !== "video", playsinline: true,
    class: kind === "video_note" ? "film round" : "film", width: file.width || null, height: file.height || null,
    "aria-label": `${wordFor(kind)}, ${facts}`, tabindex: 0,
  });
  // Only a video is heard and has controls; the others run silently when they are asked to.
  film.muted = kind !== "video";
  const toggle = () => (film.paused ? film.play().catch(() => {}) : film.pause());
  if (kind !== "video") {
    film.addEventListener("click", toggle);
    film.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      toggle();
    });
  }
  film.addEventListener("error", () => film.replaceWith(card("play", wordFor(kind), facts, file)));
  return film;
}

/** What is sold: its first item, and what all of it costs. */
function paid(it, file, message) {
  const first = !file ? null : file.mime.startsWith("image/") ? picture(file, message) : moving(file, "video");
  const count = it.paid_media?.length ?? 0;
  return h("div", {}, first, card("file", "Paid media", `${it.star_count ?? 0} Stars · ${count} ${count === 1 ? "item" : "items"}`));
}

function sound(name, title, detail, file) {
  const head = card(name, title, detail, file);
  if (!file?.mime.startsWith("audio/")) return head;
  const player = h("audio", { src: file.url, preload: "none", controls: true, "aria-label": title });
  player.addEventListener("error", () => {
    player.remove();
    // No file plays that is only made up; the card stays, with its download.
    head.querySelector(".card-detail")?.append(" · cannot be played");
  });
  return h("div", { class: "sound" }, head, file.size > 1_000 ? player : null);
}

function sticker(it, file) {
  const letter = h("div", { class: "sticker", role: "img", "aria-label": `Sticker ${it.emoji ?? ""}` }, it.emoji ?? "🪷");
  if (!file?.mime.startsWith("image/") || file.size < 200) return letter;
  const image = h("img", { class: "sticker-image", src: file.url, alt: `Sticker ${it.emoji ?? ""}`, width: 160, height: 160 });
  image.addEventListener("error", () => image.replaceWith(letter));
  return image;
}

function card(name, title, detail, file) {
  const inner = [
    h("span", { class: "card-icon" }, icon(name)),
    h("span", { class: "card-text" }, h("span", { class: "card-title", dir: "auto" }, title), detail ? h("span", { class: "card-detail", dir: "auto" }, detail) : null),
  ];
  return file?.url
    ? h("a", { class: "card", href: file.url, download: file.name || true, "aria-label": `${title}: download` }, inner)
    : h("div", { class: "card" }, inner);
}

function checklist(it) {
  const task = (one) => h("li", { class: one.completion_date ? "done" : "" }, h("span", { dir: "auto" }, one.text));
  return h("div", { class: "checklist" }, h("strong", { dir: "auto" }, it.title ?? "Checklist"), h("ul", null, (it.tasks ?? []).map(task)));
}
