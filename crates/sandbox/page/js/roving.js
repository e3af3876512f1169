// One stop of the Tab key for a whole list of messages: arrows move among them, and only the controls of the message
// that had the focus last can be reached by Tab.

const CONTROLS = "button, a[href], audio, video, summary, pre, [role=button], input";

/** Keeps the order of the Tab key in `list`, whose items are `[data-message-id]`. */
export class Roving {
  constructor(list) {
    this.list = list;
    this.current = null;
    list.addEventListener("focusin", (event) => {
      const item = event.target.closest("[data-message-id]");
      if (item) this.choose(item);
    });
    // A film that cannot be played turns into a card later: its link is no stop of its own either.
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        const item = addedNodes.length ? target.closest("[data-message-id]") : null;
        if (item && item !== this.current) rest(item);
      }
    }).observe(list, { childList: true, subtree: true });
  }

  clear() {
    this.current = null;
  }

  /** A new item: it is the one to reach, unless somebody reads in the list. */
  take(item) {
    if (this.list.contains(document.activeElement)) rest(item);
    else this.choose(item);
  }

  replace(old, item) {
    if (this.current === old || !this.current?.isConnected) {
      this.current = null;
      this.choose(item);
    } else rest(item);
  }

  choose(item) {
    if (this.current === item) return;
    if (this.current) rest(this.current);
    this.current = item;
    item.tabIndex = 0;
    for (const control of controls(item)) control.tabIndex = control.classList.contains("more") ? -1 : 0;
  }

  focus() {
    const items = this.items();
    (items.at(-1) ?? null)?.focus();
  }

  items() {
    return [...this.list.querySelectorAll("[data-message-id]")];
  }

  /** How a control is found again when its message is drawn anew; "" for the message itself. */
  nameOf(control) {
    return control.dataset.messageId ? "" : (control.dataset.testid ?? control.getAttribute("aria-label") ?? control.textContent);
  }

  find(item, label) {
    return label ? controls(item).find((control) => this.nameOf(control) === label && !control.disabled) : null;
  }

  /** Moves by the arrow keys; true when the key was for that. */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, audio, video.film[controls]")) return false;
    const item = event.target.closest("[data-message-id]");
    const along = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity, PageUp: -8, PageDown: 8 }[event.key];
    const inside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (along !== undefined) {
      const items = this.items();
      const index = item ? items.indexOf(item) : items.length;
      items[Math.max(0, Math.min(items.length - 1, index + along))]?.focus();
    } else if (inside && item) {
      const all = [item, ...controls(item).filter((control) => control.tabIndex === 0 && !control.disabled)];
      const index = all.indexOf(event.target) + inside;
      all[Math.max(0, Math.min(all.length - 1, index))].focus();
    } else return false;
    event.preventDefault();
    return true;
  }
}

function controls(item) {
  return [...item.querySelectorAll(CONTROLS)];
}

function rest(item) {
  item.tabIndex = -1;
  for (const control of controls(item)) control.tabIndex = -1;
}
