// The developer tools below the panes: calls, faults, clock.

import { Calls } from "./calls.js";
import { clockPanel } from "./clock.js";
import { fill, h, iconButton } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { worldPanel } from "./keep.js";
import { on, world } from "./world.js";

const KEY = "sandbox-drawer";

/** Fills the drawer; `toggle` is the button in the bar that opens it. */
export function startDrawer(toggle) {
  const drawer = document.getElementById("drawer");
  const calls = new Calls();
  const keep = worldPanel();
  const clock = clockPanel();
  const tabs = [
    ["calls", "API calls", calls.element],
    ["faults", "Faults", faultsPanel()],
    ["clock", "Clock", clock.element],
    ["world", "World", keep.element],
  ];
  const faultCount = h("span", { class: "count", hidden: true });
  const buttons = tabs.map(([id, label]) =>
    h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, "data-testid": `tab-${id}`, onclick: () => choose(id) }, label, id === "faults" ? faultCount : null),
  );
  const panels = tabs.map(([id, , content]) => h("div", { class: "panel", role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, hidden: true }, content));
  const list = h("div", { class: "drawer-tabs", role: "tablist", "aria-label": "Developer tools", onkeydown: (event) => arrows(event) }, buttons);
  fill(drawer, h("div", { class: "drawer-head" }, list, calls.tools, iconButton("close", "Close (Alt+L)", () => show(false))), panels);

  function choose(id) {
    tabs.forEach(([tab], index) => {
      const chosen = tab === id;
      buttons[index].setAttribute("aria-selected", chosen);
      buttons[index].tabIndex = chosen ? 0 : -1;
      panels[index].hidden = !chosen;
    });
    calls.tools.hidden = id !== "calls";
    if (id === "world") keep.draw();
    if (id === "clock") clock.draw();
    localStorage.setItem(`${KEY}-tab`, id);
  }

  function arrows(event) {
    const now = buttons.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -now, End: tabs.length - 1 - now }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (now + step + tabs.length) % tabs.length;
    choose(tabs[index][0]);
    buttons[index].focus();
  }

  // Escape leaves the tools for where one was.
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    show(false);
  });

  function show(open) {
    const had = !open && drawer.contains(document.activeElement);
    drawer.hidden = !open;
    if (had) toggle.focus();
    toggle.setAttribute("aria-expanded", open);
    localStorage.setItem(KEY, open ? "open" : "");
    calls.visible = open;
    if (open) calls.load();
  }

  const count = () => {
    faultCount.textContent = String(world.faults.length);
    faultCount.hidden = world.faults.length === 0;
    toggle.classList.toggle("alarm", world.faults.length > 0);
  };
  on("faults", count);
  on("loaded", () => {
    count();
    calls.load();
  });
  const known = tabs.map(([id]) => id);
  const last = localStorage.getItem(`${KEY}-tab`);
  choose(known.includes(last) ? last : "calls");
  show(localStorage.getItem(KEY) === "open");
  toggle.setAttribute("aria-controls", "drawer");
  toggle.addEventListener("click", () => {
    const opening = drawer.hidden;
    show(opening);
    if (opening) buttons.find((button) => button.tabIndex === 0).focus();
  });
}
