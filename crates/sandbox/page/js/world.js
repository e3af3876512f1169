// What the page knows: people, bots, chats and faults, kept up to date by the events.

import * as api from "./api.js";

export const GENERAL = 1;

export const world = {
  bots: new Map(),
  people: new Map(),
  chats: new Map(),
  faults: [],
  latency: 0,
  newer: false,
  floodControl: false,
  clock: "real",
  /** Microseconds at the sandbox, and the browser's clock when we learned it. */
  now: 0,
  learned: 0,
  connected: false,
};

const listeners = new Map();

/** Calls `listener` at every `event` until the returned function is called. */
export function on(event, listener) {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set.add(listener));
  return () => set.delete(listener);
}

function emit(event, detail) {
  for (const listener of [...(listeners.get(event) ?? [])]) listener(detail);
}

/** Loads the state and follows the events; `loaded` is emitted after each (re)connection. */
export function start() {
  let refreshing = false;
  const refresh = async () => {
    if (refreshing) return;
    refreshing = true;
    try {
      take(await api.state());
      world.connected = true;
      emit("loaded");
    } finally {
      refreshing = false;
    }
  };
  api.follow({
    onevent: (event) => (event.event === "reload" ? refresh() : apply(event)),
    onopen: () => refresh().catch(() => setTimeout(refresh, 1000)),
    onlost: () => {
      world.connected = false;
      emit("lost");
    },
  });
}

/** Loads the state anew without a notice: for what no event tells. */
export async function reload() {
  take(await api.state());
  emit("people");
}

function take(state) {
  world.bots = new Map(state.bots.map((bot) => [bot.id, bot]));
  world.people = new Map(state.people.map((person) => [person.id, person]));
  world.chats = new Map(state.chats.map((chat) => [chat.chat, chat]));
  world.faults = state.faults ?? [];
  world.latency = state.latency_ms ?? 0;
  world.newer = state.newer ?? false;
  world.floodControl = state.flood_control ?? false;
  setClock(state.now, state.clock);
}

function setClock(now, kind) {
  world.now = now;
  world.clock = kind ?? world.clock;
  world.learned = performance.now();
}

function apply(event) {
  switch (event.event) {
    case "chat":
      if (!event.chat) return;
      world.chats.set(event.chat.chat, event.chat);
      break;
    case "person":
      world.people.set(event.person.id, event.person);
      emit("people");
      return;
    case "bot":
      world.bots.set(event.bot.id, event.bot);
      emit("people");
      return;
    case "faults":
      world.faults = event.faults;
      break;
    case "clock":
      setClock(event.now, event.clock);
      break;
    case "message": {
      // A private chat comes into being with its first message, and nothing else may tell of it.
      if (!event.message) return;
      if (!world.chats.has(event.message.chat)) reload();
      break;
    }
    default:
  }
  emit(event.event, event);
}

/** The sandbox's time in seconds. */
export function now() {
  const passed = world.clock === "real" ? (performance.now() - world.learned) * 1000 : 0;
  return (world.now + passed) / 1_000_000;
}

const BLANK = { members: [], topics: [], pinned: [], forum: false, blocked: false, started: false };

/** A chat; a private one that nobody wrote into yet is made up. */
export function chatOf(id) {
  const known = world.chats.get(id);
  if (known) return known;
  const [person, bot] = String(id).split("_").map(Number);
  if (!bot || !world.people.has(person) || !world.bots.has(bot)) return null;
  return { ...BLANK, chat: id, type: "private", person, bot, title: world.people.get(person).name };
}

/** What a person calls a chat: in private it is the bot's name. */
export function titleOf(chat) {
  return chat.type === "private" ? (world.bots.get(chat.bot)?.name ?? "Bot") : chat.title;
}

/** The chats that a person may open: every bot, then their groups, then other groups. */
export function chatsFor(person) {
  const bots = [...world.bots.keys()].map((bot) => chatOf(`${person}_${bot}`)).filter(Boolean);
  const groups = [...world.chats.values()].filter((chat) => chat.type !== "private" && !chat.migrated_to);
  const mine = groups.filter((chat) => isIn(chat, person));
  return { bots, mine, others: groups.filter((chat) => !mine.includes(chat)) };
}

const PRESENT = ["creator", "administrator", "member", "restricted"];

/** The status of a person in a chat, `left` when they were never there. */
export function statusIn(chat, person) {
  if (chat.type === "private") return chat.person === person ? "member" : "left";
  return chat.members.find((member) => member.id === person)?.status ?? "left";
}

/** Whether a person is in a chat. */
export function isIn(chat, person) {
  return PRESENT.includes(statusIn(chat, person));
}

/** Whether a person may manage a chat. */
export function isAdmin(chat, person) {
  return ["creator", "administrator"].includes(statusIn(chat, person));
}

/** The topic that a message stands in. */
export function topicOf(message) {
  return message.topic ?? GENERAL;
}

/** Who a message shows as its author: a channel or group that somebody wrote as, or the person. */
export function authorOf(message) {
  const id = message.sender_chat;
  if (!id) return message.from;
  return { id, name: world.chats.get(String(id))?.title ?? message.from.name, bot: false, signature: message.signature };
}

/** The name of a person or bot. */
export function nameOf(id) {
  return world.people.get(id)?.name ?? world.bots.get(id)?.name ?? `#${id}`;
}

/** Who opens the page first: a customer with the bot, and a member of staff in the forum. */
export function firstPanes() {
  const people = [...world.people.values()].sort((a, b) => a.id - b.id);
  const forum = [...world.chats.values()].find((chat) => chat.forum);
  const isHuman = (id) => world.people.has(id);
  const staff = forum?.members.filter((member) => isHuman(member.id) && isIn(forum, member.id)) ?? [];
  const agent = staff.find((member) => member.status !== "creator") ?? staff[0];
  const customer = people.find((person) => !forum || !isIn(forum, person.id)) ?? people[0];
  const bot = [...world.bots.keys()][0];
  const panes = [];
  if (customer && bot) panes.push({ person: customer.id, chat: `${customer.id}_${bot}` });
  if (forum && agent) panes.push({ person: agent.id, chat: forum.chat });
  return panes;
}
