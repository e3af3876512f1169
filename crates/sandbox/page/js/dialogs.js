// The help, and what adds people, groups and bots.

import * as api from "./api.js";
import { h } from "./dom.js";
import { menu } from "./menu.js";
import { ask, attempt, dialog } from "./notices.js";
import { reload, world } from "./world.js";

const SHORTCUTS = [
  ["?", "This list"],
  ["Alt+1 … Alt+9", "Write in that pane"],
  ["Alt+P / Alt+C", "Choose another person / chat in this pane"],
  ["Alt+M / Alt+T", "To the messages / the topics of this pane"],
  ["Alt+N / Alt+A", "New pane / add people, groups, bots"],
  ["Alt+L", "Calls, faults, clock, world"],
  ["Enter / Shift+Enter", "Send / new line"],
  ["/", "The bot's commands (in an empty message)"],
  ["↑", "Edit your last message (in an empty message)"],
  ["Page up", "To the messages (in an empty message)"],
  ["↑ ↓ Home End", "Move among messages, topics or calls"],
  ["← →", "Move among the buttons of the message in focus"],
  ["R Q E C Del", "Answer, quote, edit, copy, delete the message in focus"],
  ["Enter", "All that can be done with the message in focus"],
  ["Escape", "Leave an answer, an edit, a menu, a message, the tools"],
];

/** Lists what the page can do and by which key. */
export function help() {
  const rows = SHORTCUTS.map(([keys, what]) => [h("dt", null, keys.split(" / ").flatMap((key, index) => [index ? " / " : null, h("kbd", null, key)])), h("dd", null, what)]);
  return dialog("Help", h(
    "div", { class: "help" },
    h("p", null, "Each pane is one person in one chat. Choose both at its top; what anybody or a bot writes appears everywhere at once."),
    h("p", null, "Right-click or press Enter on a message to answer, react, edit, forward, pin or delete. Drop or paste files to send them."),
    h("dl", { class: "shortcuts" }, rows),
  ));
}

/** The menu behind the plus. */
export function addMenu(at, openPane) {
  menu("Add", [
    { label: "Pane", key: "Alt N", run: () => openPane() },
    { label: "Person…", run: () => person(openPane) },
    { label: "Group, forum, channel…", run: () => group(openPane) },
    { label: "Bot…", run: bot },
    { label: "Member of a group…", run: member },
  ], at);
}

async function person(openPane) {
  const values = await ask("New person", [
    { name: "first_name", label: "First name", required: true, placeholder: "Zaza" },
    { name: "last_name", label: "Last name" },
    { name: "username", label: "Username, without @" },
    { name: "language", label: "Language of the app", value: "en" },
  ], "Create");
  if (!values) return;
  const fields = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
  const made = await attempt(api.act("create_person", fields));
  if (!made) return;
  await reload();
  const [first] = world.bots.keys();
  if (first) openPane({ person: made.person, chat: `${made.person}_${first}` });
}

const people = () => [...world.people.values()].map((one) => [one.id, one.name]);

async function group(openPane) {
  const values = await ask("New group", [
    { name: "title", label: "Title", required: true, placeholder: "Tea lovers" },
    { name: "kind", label: "Kind", options: [["create_forum", "Supergroup with topics"], ["create_supergroup", "Supergroup"], ["create_group", "Basic group"], ["create_channel", "Channel"]] },
    { name: "as", label: "Created by", options: people() },
  ], "Create");
  if (!values) return;
  const as = Number(values.as);
  const made = await attempt(api.act(values.kind, { title: values.title, as }));
  if (!made) return;
  await reload();
  openPane({ person: as, chat: made.chat });
}

async function bot() {
  const values = await ask("New bot", [
    { name: "name", label: "Name", required: true, placeholder: "Lotus Orders" },
    { name: "username", label: "Username, without @", required: true, placeholder: "lotus_order_bot" },
  ], "Create");
  const made = values && (await attempt(api.act("create_bot", values)));
  if (!made) return;
  await reload();
  await dialog("The bot's token", h("div", null, h("p", null, "Start the bot with these:"), h("pre", { tabindex: 0 }, `TELEGRAM_API_URL=${location.origin}\nTELEGRAM_BOT_TOKEN=${made.token}`)));
}

async function member() {
  const groups = [...world.chats.values()].filter((chat) => chat.type !== "private" && !chat.migrated_to).map((chat) => [chat.chat, chat.title]);
  const values = await ask("Add to a group", [
    { name: "chat", label: "Group", options: groups },
    { name: "who", label: "Who", options: [...people(), ...[...world.bots.values()].map((one) => [one.id, `${one.name} (bot)`])] },
    { name: "status", label: "As", options: [["member", "Member"], ["administrator", "Administrator"]] },
  ], "Add");
  if (values && (await attempt(api.act("add_member", { chat: values.chat, who: Number(values.who), status: values.status })))) await reload();
}
