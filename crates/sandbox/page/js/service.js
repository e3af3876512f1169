// Sentences for service messages.

import { nameOf } from "./world.js";

const names = (users) => [users].flat().map((user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ")).join(", ");

const SENTENCES = {
  forum_topic_created: (who, it) => `${who} opened the topic “${it.name ?? ""}”`,
  forum_topic_edited: (who, it) => (it.name ? `${who} renamed the topic to “${it.name}”` : `${who} changed the topic's icon`),
  forum_topic_closed: (who) => `${who} closed the topic`,
  forum_topic_reopened: (who) => `${who} reopened the topic`,
  general_forum_topic_hidden: (who) => `${who} hid General`,
  general_forum_topic_unhidden: (who) => `${who} showed General again`,
  pinned_message: (who) => `${who} pinned a message`,
  group_chat_created: (who) => `${who} created the group`,
  supergroup_chat_created: (who) => `${who} created the group`,
  channel_chat_created: () => "The channel was created",
  boost_added: (who, it) => `${who} boosted the group${it.boost_count > 1 ? ` ${it.boost_count} times` : ""}`,
  chat_background_set: (who) => `${who} changed the background`,
  poll_option_added: (who) => `${who} added an answer to the poll`,
  poll_option_deleted: (who) => `${who} took an answer out of the poll`,
  new_chat_title: (who, it) => `${who} renamed the group to “${typeof it === "string" ? it : ""}”`,
  new_chat_photo: (who) => `${who} changed the group's photo`,
  delete_chat_photo: (who) => `${who} removed the group's photo`,
  migrate_to_chat_id: () => "The group became a supergroup",
  migrate_from_chat_id: () => "This supergroup was a basic group before",
  message_auto_delete_timer_changed: (who) => `${who} changed the auto-delete timer`,
  users_shared: (who) => `${who} shared people`,
  chat_shared: (who) => `${who} shared a chat`,
  write_access_allowed: (who) => `${who} allowed the bot to write`,
};

/** Whether a kind is a service message, as opposed to something that a person wrote. */
export function isService(kind) {
  return !CONTENT.has(kind);
}

const CONTENT = new Set([
  "text", "photo", "video", "audio", "voice", "document", "animation", "video_note", "sticker", "location", "venue",
  "contact", "dice", "poll", "checklist", "story", "live_photo", "paid_media", "invoice", "game",
]);

/** What a service message says. */
export function sentence(message) {
  const who = message.from.name || nameOf(message.from.id);
  const it = unwrap(message.content, message.kind);
  if (message.kind === "new_chat_members") {
    const added = names(it.length ? it : (it.new_chat_members ?? []));
    return added && added !== who ? `${who} added ${added}` : `${who} joined`;
  }
  if (message.kind === "left_chat_member") {
    const left = names(it);
    return left && left !== who ? `${who} removed ${left}` : `${who} left`;
  }
  const build = SENTENCES[message.kind];
  return build ? build(who, it) : `${who}: ${message.kind.replaceAll("_", " ")}`;
}

/** The object itself, or the object under the kind's name. */
function unwrap(content, kind) {
  return content?.[kind] ?? content ?? {};
}
