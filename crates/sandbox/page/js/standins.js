// What the stand-ins for OpenAI and Google hold, live.

import { fill, h } from "./dom.js";

const main = document.getElementById("stand-in");

async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

const banner = (service) =>
  h("p", { class: "banner" }, `This is a stand-in for ${service} inside the sandbox. Nothing here reaches ${service}, and no account is behind it.`);
const clock = (micros) => new Date(micros / 1000).toISOString().slice(11, 19);
const code = (text) => h("code", {}, text);
const json = (value) => h("pre", {}, JSON.stringify(value, null, 2));

function table(heads, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": heads.join(", ") }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)))))));
}

async function openai() {
  const [view, asked] = await Promise.all([get("/api/openai"), get("/api/openai/requests?limit=100000")]);
  const scripts = view.scripts.map(({ id, match, times, delay_ms: delay, kind, ...reply }) =>
    [String(id), match ? code(match) : "anything", times ?? "always", delay ? `${delay} ms` : "", code(kind), code(JSON.stringify(reply))]);
  const requests = asked.requests.slice(-50).reverse().map((request) => h("section", { class: "card" },
    h("h3", {}, h("span", { class: "method" }, request.status || "none"), `${request.seq} · ${clock(request.at)} · ${request.model}`),
    h("p", {}, request.user || "no message of a user"),
    h("p", { class: "hint" }, request.script ? `by script ${request.script}` : "nothing was scripted"),
    h("details", {}, h("summary", {}, "Request"), json(request.body)), h("details", {}, h("summary", {}, "Answer"), json(request.answer))));
  fill(main, h("h1", {}, "OpenAI, the stand-in"), banner("OpenAI"),
    h("p", {}, "Base URL ", code(`${location.origin}/openai/v1`), ", key ", code(view.key)),
    h("p", {}, "Models: ", view.models.join(", ")),
    h("h2", {}, "What it will answer"), scripts.length ? table(["Script", "To", "Times", "Delay", "Kind", "Answer"], scripts) : h("p", { class: "hint" }, "Nothing is scripted: the least answer that fits the request's schema."),
    h("h2", {}, "What it was asked"), requests.length ? requests : h("p", { class: "hint" }, "Nothing yet."));
}

async function google() {
  const [view, asked] = await Promise.all([get("/api/google"), get("/api/google/requests?limit=100000")]);
  const limit = (number) => (number === null ? "no limit" : `${number} a minute`);
  const requests = asked.requests.slice(-50).reverse().map((call) =>
    [String(call.seq), clock(call.at), h("span", { class: "method" }, call.method), code(decodeURIComponent(call.path)), String(call.status || "no answer"), call.done ? "done" : "not done"]);
  fill(main, h("h1", {}, "Google Sheets, the stand-in"), banner("Google"),
    h("p", {}, "Root of the API ", code(`${location.origin}/google/`), ", service account ", h("a", { href: "/google/service-account.json" }, view.client_email)),
    h("p", {}, `Reads: ${limit(view.quota.reads_per_minute)}; writes: ${limit(view.quota.writes_per_minute)}.`),
    h("h2", {}, "Spreadsheets"), view.spreadsheets.length ? h("ul", {}, view.spreadsheets.map(([id, title]) => h("li", {}, h("a", { href: `/google/sheets/${encodeURIComponent(id)}` }, title), " ", code(id)))) : h("p", { class: "hint" }, "None yet."),
    h("h2", {}, "What it was asked"), requests.length ? table(["Number", "Time", "Method", "Path", "Status", "Effect"], requests) : h("p", { class: "hint" }, "Nothing yet."));
}

/** `A`, `B`… of a column from 0. */
const letters = (column) => (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

function grid({ title, rows }) {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const head = h("tr", {}, h("th", { scope: "col" }, ""), [...Array(width).keys()].map((column) => h("th", { scope: "col" }, letters(column))));
  const cell = ([kind, text]) => h("td", { class: `cell ${kind}`, title: kind === "formula" ? "A formula: it would be carried out" : null }, text);
  const line = (row, index) => h("tr", {}, h("th", { scope: "row" }, String(index + 1)), row.map(cell), [...Array(width - row.length)].map(() => h("td", { class: "cell" })));
  return [h("h2", {}, title), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, h("table", { class: "grid" }, h("thead", {}, head), h("tbody", {}, rows.map(line))))];
}

async function sheet(id) {
  const view = await get(`/api/google/sheets/${encodeURIComponent(id)}`);
  fill(main, h("h1", {}, view.title), banner("Google Sheets"), h("p", {}, code(view.id), view.shared ? "" : " · not shared with the service account", " · ", h("a", { href: "/google" }, "all requests")),
    view.sheets.map(grid));
}

const parts = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
const show = parts[0] === "openai" ? openai : parts[1] === "sheets" ? () => sheet(parts[2]) : google;

async function refresh() {
  try {
    await show();
  } catch (error) {
    fill(main, h("p", { role: "alert" }, error.message));
  }
}

await refresh();
const events = new EventSource("/api/events");
events.onmessage = ({ data }) => {
  if (["stand_in", "reload"].includes(JSON.parse(data).event)) refresh();
};
