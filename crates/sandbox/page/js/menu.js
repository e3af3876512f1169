// A menu that pops up at a button or at the pointer.

import { h } from "./dom.js";
import { giveBack } from "./notices.js";

let open = null;

/**
 * Shows a menu. `items`: `{label, run, danger, key}`, a `{row: [{label, run}]}` of small ones, or null for nothing.
 * `at`: the element it belongs to, or the pointer event's place.
 */
export function menu(label, items, at, event) {
  closeMenu();
  const buttons = [];
  const entry = (item, extra) => {
    const button = h(
      "button",
      {
        type: "button", tabindex: -1, class: `menu-item ${item.danger ? "danger" : ""} ${extra}`,
        "aria-label": item.name, title: item.name, role: item.pressed === undefined ? "menuitem" : "menuitemcheckbox", "aria-checked": item.pressed === undefined ? null : String(item.pressed),
        onclick: () => {
          closeMenu(true);
          item.run();
        },
      },
      h("span", null, item.label),
      item.key ? h("kbd", null, item.key) : null,
    );
    buttons.push(button);
    return button;
  };
  const element = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, tabindex: -1, "data-testid": "menu" },
    items.filter(Boolean).map((item) =>
      item.row ? h("div", { class: "menu-row", role: "group", "aria-label": "Choices" }, item.row.map((one) => entry(one, "small")))
        : item.title ? h("div", { class: "menu-title", role: "presentation" }, item.title)
        : entry(item, ""),
    ),
  );
  element.addEventListener("keydown", (key) => move(key, buttons));
  // Inside the main part, so that it is found there.
  document.getElementById("panes").append(element);
  place(element, at, event);
  const before = document.activeElement;
  const outside = (pointer) => !element.contains(pointer.target) && closeMenu();
  // The press that opened it must not close it.
  setTimeout(() => open?.element === element && document.addEventListener("pointerdown", outside), 0);
  open = { element, before, outside };
  buttons[0]?.focus({ preventScroll: true });
}

/** Closes the menu that is open; `back` returns the focus to where it was. */
export function closeMenu(back = false) {
  if (!open) return;
  const { element, before, outside } = open;
  open = null;
  document.removeEventListener("pointerdown", outside);
  element.remove();
  if (back) giveBack(before);
}

function move(event, buttons) {
  const index = buttons.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -index, End: buttons.length - 1 - index };
  if (event.key in steps) {
    event.preventDefault();
    buttons[(index + steps[event.key] + buttons.length) % buttons.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu(true);
  }
}

function place(element, at, event) {
  const box = at.getBoundingClientRect();
  const size = element.getBoundingClientRect();
  const x = event ? event.clientX : box.right - size.width;
  const y = event ? event.clientY : box.bottom + 4;
  const left = Math.max(8, Math.min(x, innerWidth - size.width - 8));
  const below = y + size.height <= innerHeight - 8;
  const top = below ? y : Math.max(8, (event ? y : box.top - 4) - size.height);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
