// What can be done with a chat, and who is in it.

import * as api from "./api.js";
import { avatar, fill, h, name } from "./dom.js";
import { ask, attempt, confirm, dialog } from "./notices.js";
import { chatOf, isAdmin, isIn, on, reload, titleOf, world } from "./world.js";

/** The entries of a chat in the menu of a pane. */
export function chatEntries(chat, pane) {
  const act = (word, fields) => () => attempt(api.act(word, fields));
  const bot = { as: pane.person, bot: chat.bot };
  const group = { as: pane.person, chat: chat.chat };
  const isPrivate = chat.type === "private";
  const inside = isIn(chat, pane.person);
  const noun = chat.type === "channel" ? "channel" : "group";
  return [
    { title: titleOf(chat) },
    isPrivate ? { label: "Send /start", run: act("start", bot) } : null,
    isPrivate ? { label: "Start with a deep link…", run: () => deepLink(bot) } : null,
    isPrivate ? { label: chat.blocked ? "Unblock the bot" : "Block the bot", danger: !chat.blocked, run: act(chat.blocked ? "unblock" : "block", bot) } : null,
    !isPrivate && inside ? { label: `Leave the ${noun}`, danger: true, run: act("leave", group) } : null,
    !isPrivate && !inside ? { label: `Join the ${noun}`, run: act("join", group) } : null,
    chat.type === "group" && isAdmin(chat, pane.person) ? { label: "Upgrade to a supergroup", run: act("migrate", { chat: chat.chat }) } : null,
    { label: isPrivate ? "About this chat…" : "Members…", run: () => about(chat.chat, pane.person) },
  ];
}

async function deepLink(bot) {
  const values = await ask("Start with a deep link", [{ name: "payload", label: "What follows ?start= in the link", required: true, placeholder: "order-12" }], "Start");
  if (values) attempt(api.act("start", { ...bot, payload: values.payload }));
}

/** Tells what bots know of a chat, and lets administrators manage its members. */
export function about(id, person) {
  const host = h("div", { class: "about" });
  const draw = () => {
    const chat = chatOf(id);
    if (chat) fill(host, facts(chat, person), chat.type === "private" ? null : members(chat, person));
  };
  draw();
  const off = on("chat", ({ chat }) => chat.chat === id && draw());
  return dialog(titleOf(chatOf(id)), host).finally(off);
}

function facts(chat, person) {
  const row = (word, value) => [h("dt", null, word), h("dd", null, h("code", null, String(value)))];
  const one = world.people.get(person);
  return h(
    "dl", { class: "facts" },
    row("chat_id for bots", chat.type === "private" ? chat.person : chat.chat),
    row("type", chat.forum ? "supergroup, forum" : chat.type),
    chat.type === "private" ? row("person", `${one.name} · ${one.id} · ${one.username ? `@${one.username}` : "no username"} · ${one.language ?? "no language"}`) : null,
    chat.type === "private" ? row("bot", `${titleOf(chat)} · ${chat.bot}`) : null,
  );
}

const WORDS = { creator: "owner", administrator: "administrator", member: "member", restricted: "restricted", left: "left", kicked: "banned" };
const GONE = ["left", "kicked"];

function members(chat, person) {
  const mayManage = isAdmin(chat, person);
  const act = async (word, who, fields) => {
    if (await attempt(api.act(word, { as: person, chat: chat.chat, who, ...fields }))) await reload();
  };
  const button = (label, who, run, danger) => h("button", { type: "button", class: `plain small ${danger ? "danger" : ""}`, "aria-label": `${label}: ${who.name}`, onclick: run }, label);
  const actions = (who) => {
    if (!mayManage || who.status === "creator" || who.id === person) return [];
    if (GONE.includes(who.status)) return [
      who.status === "kicked" ? button("Lift the ban", who, () => act("unban", who.id)) : button("Add again", who, () => act("add_member", who.id, { status: "member" })),
    ];
    return [
      who.status === "administrator" ? button("Demote", who, () => act("demote", who.id)) : button("Promote", who, () => act("promote", who.id)),
      button("Ban", who, async () => (await confirm(`Ban ${who.name}?`, "They are removed and cannot come back until they are added again.", "Ban")) && act("kick", who.id), true),
    ];
  };
  const row = (who) => h(
    "li", { class: GONE.includes(who.status) ? "gone" : "" },
    avatar(who.id, who.name ?? "?"),
    h("span", { class: "member-text" }, h("strong", null, name(who.name ?? `#${who.id}`), who.bot ? h("span", { class: "tag" }, "bot") : null), h("span", { class: "hint" }, `${WORDS[who.status] ?? who.status} · ${who.id}`)),
    h("span", { class: "member-actions" }, actions(who)),
  );
  return h("ul", { class: "members", "aria-label": "Members" }, chat.members.map(row));
}
