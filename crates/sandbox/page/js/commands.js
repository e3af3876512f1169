// The commands that bots offer to this person in this chat, as Telegram picks them: by scope, then by language.

import { h } from "./dom.js";
import { isAdmin, world } from "./world.js";

/** `[{command, description, insert, bot}]` for a person in a chat. */
export function commandsFor(chat, person) {
  const isPrivate = chat.type === "private";
  const bots = isPrivate ? [world.bots.get(chat.bot)] : chat.members.filter((member) => member.bot && member.status !== "left" && member.status !== "kicked").map((member) => world.bots.get(member.id));
  const language = (world.people.get(person)?.language ?? "").split("-")[0];
  return bots.filter(Boolean).flatMap((bot) =>
    pick(bot, scopes(chat, person), language).map(({ command, description }) => ({
      command, description, bot: bot.name,
      insert: isPrivate ? `/${command}` : `/${command}@${bot.username}`,
    })),
  );
}

function scopes(chat, person) {
  if (chat.type === "private") return [`chat ${chat.chat} 0`, "all_private_chats", "default"];
  const admin = isAdmin(chat, person);
  return [
    `chat_member ${chat.chat} ${person}`,
    admin ? `chat_administrators ${chat.chat} 0` : null,
    `chat ${chat.chat} 0`,
    admin ? "all_chat_administrators" : null,
    "all_group_chats",
    "default",
  ].filter(Boolean);
}

function pick(bot, wanted, language) {
  const lists = bot.command_lists ?? [];
  for (const scope of wanted) {
    for (const tongue of [language, ""]) {
      const found = lists.find((list) => list.scope === scope && list.language === tongue);
      if (found) return found.commands;
    }
  }
  return lists.length ? [] : (bot.commands ?? []);
}

/** A text of the bot's profile (`description`, `short_description`) in a person's language. */
export function profileText(bot, kind, person) {
  const language = (world.people.get(person)?.language ?? "").split("-")[0];
  const texts = bot?.profile?.[kind] ?? {};
  return texts[language] || texts[""] || "";
}

/** The list above the composer. `onpick` gets a command. */
export class CommandList {
  constructor(onpick) {
    this.onpick = onpick;
    this.items = [];
    this.index = 0;
    this.id = `commands-${(CommandList.count = (CommandList.count ?? 0) + 1)}`;
    this.element = h("div", { class: "commands", role: "listbox", "aria-label": "Commands", id: this.id, hidden: true, "data-testid": "commands" });
  }

  get open() {
    return !this.element.hidden;
  }

  /** Shows the commands that begin with what was typed after the slash. */
  show(commands, typed) {
    const prefix = typed.slice(1).toLowerCase();
    this.items = commands.filter((item) => item.command.startsWith(prefix) || item.insert.slice(1).toLowerCase().startsWith(prefix));
    this.index = 0;
    this.element.hidden = this.items.length === 0;
    this.draw();
  }

  /** Says that there is nothing to choose from. */
  empty() {
    this.items = [];
    this.element.hidden = false;
    this.element.replaceChildren(h("p", { class: "commands-empty" }, "The bot has set no commands yet. Is it running?"));
  }

  hide() {
    this.element.hidden = true;
  }

  /** The id of the chosen option, for aria-activedescendant. */
  get active() {
    return this.open && this.items.length ? `${this.id}-${this.index}` : "";
  }

  draw() {
    this.element.replaceChildren(
      ...this.items.map((item, index) =>
        h(
          "div",
          {
            role: "option", id: `${this.id}-${index}`, class: "command", "aria-selected": index === this.index ? "true" : "false",
            "data-testid": `command-${item.command}`,
            onpointerdown: (event) => {
              event.preventDefault();
              this.onpick(item);
            },
          },
          h("span", { class: "command-name" }, `/${item.command}`),
          h("span", { class: "command-text" }, item.description),
        ),
      ),
    );
    this.element.children[this.index]?.scrollIntoView({ block: "nearest" });
  }

  /** Takes a key while open; true when it was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.items.length) {
      this.index = (this.index + step + this.items.length) % this.items.length;
      this.draw();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.items.length) {
      this.onpick(this.items[this.index], event.key === "Tab");
    } else if (event.key === "Escape") {
      this.hide();
    } else return false;
    event.preventDefault();
    return true;
  }
}
