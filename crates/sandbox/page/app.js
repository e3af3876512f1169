// The page of the local Telegram: panes side by side, each one person in one chat.
//
// For tests, elements carry a data-testid:
//   pane-<n>          a pane, from 1 by its order of opening; tab-pane-<n> its tab on a narrow screen
//   person-select     in a pane: who it is            chat-select   in a pane: which chat (value: the chat's id)
//   topic-<name>      a topic in a forum's list; with data-topic-id, data-unread, data-closed
//   feed              the list of messages            composer, send, attach, commands-button, file-input
//   message           a message or service message; with data-message-id, data-outgoing, data-kind, data-deleted
//   quote             in a message: what it answers, with data-reply-to
//   button-<label>    an inline button or a key of a reply keyboard
//   command-<name>    a command in the list that opens with "/"
//   start, description, empty   in an empty chat      message-menu, menu, dialog, toast   what pops up
//   pane-menu, pane-close, pane-add                   the buttons of panes
//   connection        with data-state "live" or "lost"
//   option-<text>     an answer of a poll; with the class "mine" when the person voted for it
//   pins              the bar with what is pinned      reply-keyboard, keyboard-button   a bot's keyboard
//   theme             light, dark or as the system has it
//   drawer-toggle, tab-<calls|faults|clock|world>      the developer tools:
//     calls, call, calls-filter; fault-kind, fault-method, fault-chat, fault-set, fault-list, fault-<kind> (one that is
//     set); clock, freeze, advance-<seconds>, advance-due; save, load, load-file, reset
//
// The address keeps the panes: #<person>@<chat>[:<topic>],…

import { addMenu, help } from "./js/dialogs.js";
import { fill, h, icon, iconButton } from "./js/dom.js";
import { startDrawer } from "./js/drawer.js";
import { toast } from "./js/notices.js";
import { Pane } from "./js/pane.js";
import { startTheme } from "./js/theme.js";
import { chatOf, firstPanes, on, start, titleOf, world } from "./js/world.js";

const host = document.getElementById("panes");
const tabs = document.getElementById("tabs");
const narrow = matchMedia("(max-width: 760px)");
const MOST_PANES = 6;

const app = {
  panes: [],
  active: null,
  next: 1,
  /** What is new in a pane that cannot be seen. */
  news: new Map(),

  open(at) {
    if (this.panes.length >= MOST_PANES) toast(`There is room for ${MOST_PANES} panes; close one first`, "error");
    if (this.panes.length >= MOST_PANES || (!at && world.people.size === 0)) return null;
    host.querySelector(":scope > .empty")?.remove();
    const pane = new Pane(this.next, at ?? this.another(), this);
    this.next += 1;
    this.panes.push(pane);
    host.append(pane.element);
    this.active ??= pane;
    this.changed();
    return pane;
  },

  /** A customer who has no pane yet. */
  another() {
    const shown = new Set(this.panes.map((pane) => pane.person));
    const person = [...world.people.keys()].find((id) => !shown.has(id)) ?? [...world.people.keys()][0];
    return { person, chat: `${person}_${[...world.bots.keys()][0]}` };
  },

  remove(pane) {
    if (this.panes.length === 1) return;
    this.panes = this.panes.filter((one) => one !== pane);
    pane.close();
    if (this.active === pane) this.show(this.panes[0]);
    this.changed();
    this.active.write();
  },

  /** A pane whose person or chat is no more: it opens somewhere else. */
  homeless(pane) {
    const { person, chat, topic } = firstPanes()[this.panes.indexOf(pane)] ?? this.another();
    if (!world.people.has(person)) return;
    pane.person = person;
    pane.open(chat, topic);
  },

  /** Brings a pane to the front, which matters on a narrow screen. */
  show(pane) {
    this.active = pane;
    this.news.delete(pane);
    if (pane.topic) pane.topics.read(pane.topic);
    this.changed();
  },

  focused(pane) {
    if (this.active !== pane) this.show(pane);
  },

  isShown(pane) {
    return !narrow.matches || this.active === pane;
  },

  arrived(pane, message) {
    if (this.isShown(pane) || message.from.id === pane.person) return;
    this.news.set(pane, (this.news.get(pane) ?? 0) + 1);
    drawTabs();
  },

  changed() {
    const places = this.panes.map((pane) => `${pane.person}@${pane.chat}${pane.topic ? `:${pane.topic}` : ""}`);
    history.replaceState(null, "", `#${places.join(",")}`);
    host.dataset.count = this.panes.length;
    for (const pane of this.panes) pane.element.classList.toggle("active", pane === this.active);
    drawTabs();
  },
};

function drawTabs() {
  fill(
    tabs,
    app.panes.map((pane) => {
      const chat = chatOf(pane.chat);
      const news = (app.news.get(pane) ?? 0) + (pane === app.active ? 0 : pane.topics.total);
      return h(
        "button",
        { type: "button", role: "tab", "aria-selected": pane === app.active, "aria-controls": `pane-${pane.number}`, "data-testid": `tab-pane-${pane.number}`, onclick: () => app.show(pane) },
        h("strong", null, world.people.get(pane.person)?.first_name ?? "?"),
        h("span", null, chat ? titleOf(chat) : ""),
        news ? h("span", { class: "count", "aria-label": `${news} new` }, String(news)) : null,
      );
    }),
  );
}

function placesFromAddress() {
  const places = decodeURIComponent(location.hash.slice(1)).split(",").map((part) => /^(\d+)@([-\d_]+)(?::(\d+))?$/.exec(part));
  return places
    .filter(Boolean)
    .map(([, person, chat, topic]) => ({ person: Number(person), chat, topic: topic ? Number(topic) : null }))
    .filter(({ person, chat }) => world.people.has(person) && chatOf(chat));
}

function bar() {
  const theme = h("button", { type: "button", class: "icon-button", "data-testid": "theme" });
  const drawerToggle = h("button", { type: "button", class: "bar-button", "data-testid": "drawer-toggle", title: "Calls, faults and clock (Alt+L)" }, icon("log"), h("span", null, "Developer"));
  const connection = h("span", { class: "connection", role: "status", "data-testid": "connection", "data-state": "connecting" }, h("span", null, "Connecting…"));
  on("loaded", () => {
    if (connection.dataset.state === "lost") toast("The sandbox is there again");
    connection.dataset.state = "live";
    fill(connection, h("span", null, "Live"));
  });
  on("lost", () => {
    connection.dataset.state = "lost";
    fill(connection, h("span", null, "Connection lost: is the sandbox running? Trying again…"));
  });
  fill(
    document.getElementById("bar"),
    h("h1", null, h("span", { class: "logo", "aria-hidden": "true" }), "Sandbox ", h("small", null, "a local Telegram")),
    connection,
    h("span", { class: "spring" }),
    h("button", { type: "button", class: "bar-button", "aria-haspopup": "menu", "data-testid": "pane-add", onclick: (event) => addMenu(event.currentTarget, (at) => app.open(at)) }, icon("plus"), h("span", null, "Add")),
    drawerToggle,
    theme,
    iconButton("help", "Help and shortcuts (?)", help),
  );
  startTheme(theme);
  startDrawer(drawerToggle);
  return drawerToggle;
}

const drawerToggle = bar();

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input,textarea,select,dialog,[role=menu]");
  if (event.key === "?" && !writing) {
    event.preventDefault();
    help();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const number = /^Digit([1-9])$/.exec(event.code)?.[1];
    const pane = number && app.panes[Number(number) - 1];
    const active = app.active;
    if (pane) {
      app.show(pane);
      pane.write();
    } else if (event.code === "KeyN") app.open()?.personSelect.focus();
    else if (event.code === "KeyP" && active) active.personSelect.focus();
    else if (event.code === "KeyC" && active) active.chatSelect.focus();
    else if (event.code === "KeyM" && active) active.feed.focus();
    else if (event.code === "KeyT" && active) active.topics.focus();
    else if (event.code === "KeyA") document.querySelector("[data-testid=pane-add]").click();
    else if (event.code === "KeyL") drawerToggle.click();
    else return;
    event.preventDefault();
  }
});

narrow.addEventListener("change", () => app.changed());
document.addEventListener("visibilitychange", () => app.active?.topic && !document.hidden && app.active.topics.read(app.active.topic));
on("people", drawTabs);
on("chat", drawTabs);
on("loaded", () => {
  if (app.panes.length) return;
  const places = placesFromAddress();
  for (const at of places.length ? places : firstPanes()) app.open(at);
  if (app.panes.length === 0) {
    fill(host, h("div", { class: "empty" }, h("h2", null, "Nobody lives here yet"), h("p", { class: "hint" }, "Add a bot and a person with “Add” above, or start the sandbox with its demo town.")));
  } else app.panes[0].composer.focus();
});
start();
