// The whole world: its bots and how they are started, how it held against the schema; saved, loaded, begun anew.

import * as api from "./api.js";
import { fill, h, icon, name } from "./dom.js";
import { attempt, confirm, copyText, toast } from "./notices.js";
import { on, world } from "./world.js";

/** The panel; `draw` looks again at what no event tells. */
export function worldPanel() {
  const bots = h("ul", { class: "bots", "aria-label": "Bots" });
  const checked = h("p", { class: "hint" });
  const draw = async () => {
    fill(bots, [...world.bots.values()].map(bot));
    const told = await api.violations().catch(() => null);
    if (told) fill(checked, ...schema(told));
  };
  on("loaded", draw);
  on("people", draw);
  const element = h(
    "div", { class: "keep" },
    h("section", null, h("h2", null, "Bots"), bots, h("p", { class: "hint" }, "Everything on this page is also an HTTP call: ", h("a", { href: "/api/docs", target: "_blank" }, "the control API"), ".")),
    h("section", null, h("h2", null, "The whole world"), buttons(), h("p", { class: "hint" }, "Saved are people, bots, chats, messages, files, faults and what waits for bots. The log of calls is not.")),
    h("section", null, h("h2", null, "Stand-ins"), h("p", { class: "hint" }, "What an order desk speaks to besides Telegram, played by this sandbox: ", h("a", { href: "/openai", target: "_blank" }, "OpenAI's chat endpoint"), " and ", h("a", { href: "/google", target: "_blank" }, "Google's sheets"), ".")),
    h("section", null, h("h2", null, "Held against the Bot API's schema"), checked),
  );
  return { element, draw };
}

function bot(one) {
  const lines = `TELEGRAM_API_URL=${location.origin}\nTELEGRAM_BOT_TOKEN=${one.token}`;
  const waiting = one.pending_updates ? `${one.pending_updates} updates wait` : "nothing waits";
  return h(
    "li", null,
    h("span", null, h("strong", null, name(one.name ?? one.username)), " ", h("span", { class: "hint" }, `@${one.username} · ${one.webhook ? "webhook" : "polls"} · ${waiting} · privacy ${one.privacy ? "on" : "off"}`)),
    h("pre", { tabindex: 0, "aria-label": `How ${one.username} is started` }, lines),
    h("button", { type: "button", class: "plain small", onclick: () => copyText(lines) }, icon("copy"), "Copy"),
  );
}

function schema({ violations, validated }) {
  if (!validated) return ["Not checked here: tests do, with the schema of the Bot API."];
  if (!violations.length) return [`${validated} answers and updates were checked, and none was wrong.`];
  return [`${validated} were checked; ${violations.length} were wrong: `, h("code", null, violations.slice(0, 5).join("; "))];
}

function buttons() {
  const picker = h("input", { type: "file", accept: "application/json,.json", hidden: true, "data-testid": "load-file" });
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file || !(await confirm("Load this world?", `“${file.name}” takes the place of everything that is here now.`, "Load"))) return;
    if (await attempt(api.load(file))) toast("The saved world is there");
  });
  const reset = async () => {
    if (!(await confirm("Begin anew?", "All messages and everything that was added go; the world is as it was when the sandbox started. A running bot may need to be started again.", "Begin anew"))) return;
    if (await attempt(api.reset())) toast("The world is as it was at the start");
  };
  const button = (sign, label, run, props) => h("button", { type: "button", class: "plain small", onclick: run, ...props }, icon(sign), label);
  return h(
    "div", { class: "fault-buttons" },
    h("a", { class: "plain small", href: "/api/save", download: "sandbox.json", "data-testid": "save" }, icon("save"), "Save to a file"),
    button("open", "Load a file…", () => picker.click(), { "data-testid": "load" }),
    button("trash", "Begin anew…", reset, { "data-testid": "reset" }),
    picker,
  );
}
