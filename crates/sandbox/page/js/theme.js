// Light, dark, or as the system has it.

import { fill, icon } from "./dom.js";

const KEY = "sandbox-theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const ICONS = { auto: "auto", light: "sun", dark: "moon" };
const WORDS = { auto: "as the system", light: "light", dark: "dark" };

/** Applies the theme that was chosen last. */
export function startTheme(button) {
  set(localStorage.getItem(KEY) ?? "auto", button);
  button.addEventListener("click", () => set(NEXT[document.documentElement.dataset.theme ?? "auto"], button));
}

function set(theme, button) {
  const known = theme in NEXT ? theme : "auto";
  document.documentElement.dataset.theme = known;
  localStorage.setItem(KEY, known);
  fill(button, icon(ICONS[known]));
  button.setAttribute("aria-label", `Theme: ${WORDS[known]}`);
  button.title = `Theme: ${WORDS[known]}`;
}
