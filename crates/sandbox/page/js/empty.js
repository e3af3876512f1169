// What an empty chat says: whose it is, and how it begins.

import * as api from "./api.js";
import { profileText } from "./commands.js";
import { avatar, fill, h, name } from "./dom.js";
import { attempt } from "./notices.js";
import { GENERAL, titleOf, world } from "./world.js";

/** Fills `host` for a pane whose chat holds no message. */
export function fillEmpty(host, pane, chat) {
  const person = world.people.get(pane.person)?.first_name ?? "";
  if (chat.type === "private") fillPrivate(host, pane, chat, person);
  else if (chat.forum && pane.topic === GENERAL) {
    const others = chat.topics.some((topic) => topic.id !== GENERAL && !topic.deleted);
    const text = others ? "Open a topic to answer in it." : "Nothing yet. When a customer writes to the bot, a topic opens in the list: open it and answer there.";
    fill(host, h("h2", null, "General"), h("p", { class: "hint" }, text));
  } else if (chat.type === "channel") fill(host, h("h2", null, name(titleOf(chat))), h("p", { class: "hint" }, "No post yet. Its administrators and bots write here."));
  else fill(host, h("h2", null, name(titleOf(chat))), h("p", { class: "hint" }, "Nothing here yet. Write the first message as ", name(person), "."));
}

function fillPrivate(host, pane, chat, person) {
  const bot = world.bots.get(chat.bot);
  const text = profileText(bot, "description", pane.person);
  const start = () => attempt(api.act("start", { as: pane.person, bot: chat.bot })).then(() => pane.composer.focus());
  fill(
    host, avatar(chat.bot, bot?.name ?? "?"), h("h2", null, name(bot?.name ?? "Bot")), h("p", { class: "handle" }, `@${bot?.username ?? ""}`),
    text ? h("p", { class: "description", dir: "auto", "data-testid": "description" }, text) : null,
    h("p", { class: "hint" }, chat.blocked ? "Unblock the bot to go on." : ["Press Start, or write as ", name(person), ": ask the shop something."]),
    chat.blocked ? null : h("button", { type: "button", class: "primary start", "data-testid": "start", onclick: start }, "Start"),
  );
}
