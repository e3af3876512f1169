// Short notices at the edge of the page, and dialogues that must be answered.

import { h, iconButton } from "./dom.js";

const TOAST_MS = 6000;
/** A fault stays longer: it says what to do, and that must be read. */
const ERROR_MS = 12_000;

/** Shows a line for some seconds. `kind`: info, error or answer (of a bot to a press). */
export function toast(text, kind = "info") {
  const host = document.getElementById("toasts");
  const remove = () => element.remove();
  const element = h(
    "div", { class: `toast ${kind}`, "data-testid": "toast", role: kind === "error" ? "alert" : null },
    h("span", { dir: "auto" }, text), iconButton("close", "Dismiss", remove),
  );
  host.append(element);
  while (host.children.length > 4) host.firstChild.remove();
  setTimeout(remove, kind === "error" ? ERROR_MS : TOAST_MS);
}

/** Puts a text on the clipboard and says so. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not let this page copy; mark the text and copy it by hand", "error");
  }
}

/** Gives the focus back to what had it, or to the place where one writes when that is gone. */
export function giveBack(before) {
  if (before?.isConnected && before !== document.body) before.focus({ preventScroll: true });
  else document.querySelector(".pane.active .composer-text")?.focus({ preventScroll: true });
}

/** Runs something that may fail and shows its sentence. Resolves to undefined when it failed. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message, "error");
    return undefined;
  }
}

/** Opens a modal dialogue; resolves when it is closed, with what was chosen. */
export function dialog(title, content, choices = [{ label: "Close", value: "close" }]) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const element = h("dialog", { class: "dialog", "aria-label": title, "data-testid": "dialog" });
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", null, title),
      content,
      h(
        "div",
        { class: "dialog-choices" },
        // Enter submits by the first submit button, so what cancels is none.
        choices.map(({ label, value, primary }) =>
          h("button", { type: value ? "submit" : "button", value, class: primary ? "primary" : "plain", onclick: value ? null : () => element.close("") }, label),
        ),
      ),
    );
    element.append(form);
    element.addEventListener("close", () => {
      const values = Object.fromEntries(new FormData(form));
      element.remove();
      giveBack(before);
      resolve({ choice: element.returnValue, values });
    });
    // A press on the backdrop closes it, as Escape does.
    element.addEventListener("pointerdown", (event) => event.target === element && element.close(""));
    document.body.append(element);
    element.showModal();
    // A long text is read from its beginning, though the focus is on the button at its end.
    element.scrollTop = 0;
  });
}

/** Asks for one or more texts; resolves to them by name, or null. */
export async function ask(title, fields, action) {
  const inputs = fields.map((field) =>
    h(
      "label",
      { class: "field" },
      h("span", null, field.label),
      field.lines
        ? h("textarea", { name: field.name, rows: field.lines, value: field.value ?? "", required: field.required, dir: "auto" })
        : field.options
        ? h("select", { name: field.name }, field.options.map(([value, text]) => h("option", { value }, text)))
        : h("input", { name: field.name, value: field.value ?? "", placeholder: field.placeholder, required: field.required, autocomplete: "off", type: field.type ?? "text", dir: "auto" }),
    ),
  );
  const { choice, values } = await dialog(title, inputs, [
    { label: "Cancel", value: "" },
    { label: action, value: "yes", primary: true },
  ]);
  return choice === "yes" ? values : null;
}

/** Asks before something that cannot be taken back. */
export async function confirm(title, text, action) {
  const { choice } = await dialog(title, h("p", null, text), [
    { label: "Cancel", value: "" },
    { label: action, value: "yes", primary: true },
  ]);
  return choice === "yes";
}
