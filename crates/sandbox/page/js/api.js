// The sandbox's control API (see its README), and the stream of what happens.

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer. Is it still running?");
  }
  const text = await response.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    body = { error: text };
  }
  if (!response.ok) throw new Error(body.error || `The sandbox answered ${response.status} to ${path}`);
  return body;
}

function post(path, body) {
  return request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Everything but the messages. */
export const state = () => request("/api/state");

/** Messages of a chat, oldest first. */
export async function messages(chat, { topic, limit } = {}) {
  const query = new URLSearchParams();
  if (topic) query.set("topic", topic);
  if (limit) query.set("limit", limit);
  const body = await request(`/api/chats/${encodeURIComponent(chat)}/messages?${query}`);
  return body.messages;
}

/** Does something as a person, or changes the world. Fails with a sentence. */
export const act = (name, fields) => post("/api/act", { act: name, ...fields });

/** The newest calls of the bots. */
export const journal = (after, limit) => request(`/api/journal?after=${after}&limit=${limit}`);

export const addFault = (fault) => post("/api/faults", fault);
export const removeFault = (id) => request(`/api/faults?id=${id}`, { method: "DELETE" });
export const removeFaults = () => request("/api/faults", { method: "DELETE" });
export const release = () => post("/api/release", {});
export const violations = () => request("/api/violations");
export const load = (file) => request("/api/load", { method: "POST", headers: { "content-type": "application/json" }, body: file });
export const reset = () => post("/api/reset", {});
export const clock = () => request("/api/clock");
export const freeze = () => post("/api/clock/freeze", {});
export const thaw = () => post("/api/clock/thaw", {});
export const advance = (micros) => post("/api/clock/advance", { micros });

const RETRY_MS = 1000;

/**
 * Follows the events for ever. `onopen` runs at every (re)connection, `onlost` when it breaks: the caller loads
 * what it may have missed.
 */
export function follow({ onevent, onopen, onlost }) {
  let source;
  let timer;
  const connect = () => {
    source = new EventSource("/api/events");
    source.onopen = onopen;
    source.onmessage = (message) => onevent(JSON.parse(message.data));
    source.onerror = () => {
      onlost();
      // The browser's own retry gives up after some errors and is slow after others.
      source.close();
      timer = setTimeout(connect, RETRY_MS);
    };
  };
  // A page that the browser keeps for its Back button would keep its connection too, of the few that it allows.
  addEventListener("pagehide", () => {
    clearTimeout(timer);
    source.close();
  });
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
}
