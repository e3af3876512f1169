// Sending what is no text: files of this machine, and made-up media of every kind.

import * as api from "./api.js";
import { attempt, toast } from "./notices.js";

/** The kinds that the sandbox makes up, with a word for the menu. */
export const MADE_UP = [
  ["photo", "🖼", "Photo"], ["video", "🎬", "Video"], ["voice", "🎤", "Voice"], ["audio", "🎵", "Music"],
  ["document", "📄", "Document"], ["animation", "🎞", "GIF"], ["video_note", "📹", "Video note"], ["sticker", "🪷", "Sticker"],
  ["location", "📍", "Location"], ["venue", "🏠", "Venue"], ["contact", "👤", "Contact"], ["dice", "🎲", "Dice"], ["poll", "📊", "Poll"],
];

const MOST_BYTES = 50 * 1000 * 1000;

/** Sends files as a person; the caption goes with the first. `as_document`: pictures too are sent as files. */
export async function sendFiles(files, fields, caption, asDocument) {
  for (const [index, file] of files.entries()) {
    if (file.size > MOST_BYTES) {
      toast(`${file.name} is larger than 50 MB, the most that is sent here`, "error");
      continue;
    }
    const mime = file.type || "application/octet-stream";
    const sent = await attempt(
      base64(file).then((data) =>
        api.act("send_file", {
          ...fields, name: file.name, mime, base64: data,
          ...(index === 0 && caption ? { caption } : {}), ...(asDocument ? { media: "document" } : {}),
        }),
      ),
    );
    if (!sent) return false;
  }
  return true;
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error(`${file.name} could not be read`));
    reader.readAsDataURL(file);
  });
}
