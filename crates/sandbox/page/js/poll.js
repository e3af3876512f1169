// A poll: its results, and the votes of whoever looks.

import { h, icon } from "./dom.js";

/** What was ticked and not sent yet in polls with several answers, by the poll's id. */
const ticked = new Map();

/** The element of a poll. `message.votes` tells who chose what; `view.vote(message, options)` votes. */
export function poll(message, it, view) {
  const own = message.votes?.find((vote) => vote.from === view.person)?.options ?? [];
  const voted = own.length > 0;
  const isQuiz = it.type === "quiz";
  const open = !it.is_closed && !message.deleted && view.vote;
  const several = it.allows_multiple_answers && !voted && open;
  const chosen = ticked.get(it.id) ?? new Set();
  const total = it.total_voter_count ?? 0;
  const send = h("button", { type: "button", class: "plain small", disabled: chosen.size === 0, onclick: () => {
    ticked.delete(it.id);
    view.vote(message, [...chosen].sort((a, b) => a - b));
  } }, "Vote");
  const tick = (index, row) => {
    chosen[chosen.has(index) ? "delete" : "add"](index);
    ticked.set(it.id, chosen);
    row.setAttribute("aria-pressed", chosen.has(index));
    send.disabled = chosen.size === 0;
  };
  const option = (choice, index) => {
    const share = total ? Math.round((100 * (choice.voter_count ?? 0)) / total) : 0;
    const mine = own.includes(index);
    const right = isQuiz && (voted || it.is_closed) && (it.correct_option_ids ?? [it.correct_option_id]).includes(index);
    const bar = h("span", { class: "poll-bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", `${share}%`);
    const row = h(
      "button",
      {
        type: "button", class: `poll-option ${mine ? "mine" : ""} ${right ? "right" : ""}`, disabled: !open || voted, "data-testid": `option-${choice.text}`,
        "aria-pressed": String(mine || chosen.has(index)),
        onclick: () => (several ? tick(index, row) : view.vote(message, [index])),
      },
      h("span", { class: `poll-mark ${several ? "square" : ""}`, "aria-hidden": "true" }, icon("check")),
      h("span", { class: "poll-text", dir: "auto" }, choice.text),
      h("span", { class: "poll-share" }, `${share}%`, mine || right ? h("span", { class: "unseen" }, right ? ", the right answer" : ", your vote") : null),
      bar,
    );
    return row;
  };
  const facts = [it.is_closed ? "Final results" : `${it.is_anonymous === false ? "Public" : "Anonymous"} ${isQuiz ? "quiz" : "poll"}`, several ? "several answers" : null, `${total} ${total === 1 ? "vote" : "votes"}`];
  return h(
    "div",
    { class: "poll", role: "group", "aria-label": `Poll: ${it.question ?? ""}` },
    h("strong", { dir: "auto" }, it.question ?? "Poll"),
    h("span", { class: "card-detail" }, facts.filter(Boolean).join(" · ")),
    (it.options ?? []).map(option),
    voted && isQuiz && it.explanation ? h("p", { class: "poll-explanation", dir: "auto" }, it.explanation) : null,
    several ? send : null,
    voted && open && !isQuiz ? h("button", { type: "button", class: "plain small", onclick: () => view.vote(message, []) }, "Take the vote back") : null,
  );
}
