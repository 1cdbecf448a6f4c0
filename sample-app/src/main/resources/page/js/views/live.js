// SPDX-License-Identifier: Apache-2.0
import { withQuery } from "../api.js";
import { empty, failure, h, show } from "../dom.js";
import { eventRow } from "../event-row.js";
import { number } from "../format.js";
import { follow } from "../sse.js";

const KEPT = 300; // rows; older ones leave the page, not the store

/** The feed: the events of all streams as they come, or from wherever one asks. */
export function liveView(root, { query, signal }) {
  const category = field("category", "Category", "order");
  const type = field("type", "Event type", "OrderPlaced");
  const from = h(
    "select",
    { name: "from" },
    h("option", { value: "now" }, "now"),
    h("option", { value: "hour" }, "an hour ago"),
    h("option", { value: "beginning" }, "the beginning"),
  );
  const known = [...from.options].some(({ value }) => value === query.get("from"));
  if (known) from.value = query.get("from");
  const state = h("span", { class: "tag waiting" }, "connecting");
  const count = h("span", {});
  const pause = h("button", { "data-key": "f", "aria-pressed": "false", onclick: togglePause }, "Pause");
  const list = h("div", { class: "events" });
  const place = h("div", {}, list);
  let come = 0;
  let held = null;
  let following;
  const recent = [];

  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("h1", {}, "Live"), h("p", { role: "status" }, state, " ", count)),
      h("div", { class: "row" }, pause, h("button", { onclick: clear }, "Clear"), h("button", { class: "hidden", tabindex: "-1", "data-key": "e", onclick: toggleAll }, "Open all")),
    ),
    h(
      "form",
      { class: "controls", onsubmit: (event) => (event.preventDefault(), start()) },
      label("Category", category),
      label("Event type", type),
      label("From", from),
      h("button", { type: "submit" }, "Follow"),
    ),
    place,
  );
  const timer = setInterval(showCount, 250);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    following?.abort();
  });
  start();

  function field(name, text, placeholder) {
    return h("input", { name, value: query.get(name) ?? "", placeholder: `all, or ${placeholder}`, spellcheck: "false", autocapitalize: "off" });
  }

  function label(text, input) {
    return h("label", { class: "grow" }, h("span", {}, text), input);
  }

  function start() {
    following?.abort();
    following = new AbortController();
    clear();
    const wanted = { category: category.value.trim(), type: type.value.trim() };
    history.replaceState(null, "", withQuery("#/live", { ...wanted, from: from.value === "now" ? "" : from.value }));
    const since = from.value === "hour" ? new Date(Date.now() - 3_600_000).toISOString() : from.value;
    follow(withQuery("/api/events", { ...wanted, from: since }), { signal: following.signal, onEvent: arrived, onState: showState });
  }

  function showState(now, error) {
    state.className = `tag ${now}`;
    state.textContent = { open: "connected", waiting: "connecting again", refused: "refused" }[now];
    if (error) show(place, failure(error, start));
  }

  function arrived(event) {
    come++;
    recent.push(performance.now());
    if (held) {
      held.push(event);
      if (held.length > KEPT) held.shift();
      return;
    }
    add([event]);
  }

  function add(events) {
    if (!list.isConnected) show(place, list);
    for (const event of events) {
      const row = eventRow(event, { feed: true });
      row.classList.add("fresh");
      list.prepend(row);
    }
    while (list.children.length > KEPT) list.lastChild.remove();
  }

  function showCount() {
    const now = performance.now();
    while (recent.length > 0 && recent[0] < now - 5000) recent.shift();
    const rate = recent.length / 5;
    count.textContent = `${number(come)} events · ${rate < 10 ? rate.toFixed(1) : number(Math.round(rate))} a second${held?.length ? ` · ${number(held.length)} waiting` : ""}`;
  }

  function togglePause() {
    if (held) add(held);
    held = held ? null : [];
    pause.setAttribute("aria-pressed", String(held !== null));
    pause.textContent = held ? "Go on" : "Pause";
    showCount();
  }

  function toggleAll() {
    const rows = [...list.children];
    const open = !rows.every((row) => row.open);
    for (const row of rows) row.open = open;
  }

  function clear() {
    come = 0;
    recent.length = 0;
    if (held) held = [];
    show(list);
    show(place, empty("Nothing yet", "Events appear here as they are appended, on whatever node. An interrupted connection goes on behind the last event that came."));
    showCount();
  }
}
