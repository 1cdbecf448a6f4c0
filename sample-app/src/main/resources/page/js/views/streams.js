// SPDX-License-Identifier: Apache-2.0
import { appendDialog } from "../append.js";
import { get, withQuery } from "../api.js";
import { empty, failure, h, loading, show } from "../dom.js";
import { plural } from "../format.js";

const PAGE = 100;

/** All streams, by the beginning of their id, page by page. */
export function streamsView(root, { query, signal }) {
  let prefix = query.get("prefix") ?? "";
  let asked = 0;
  const search = h("input", { type: "search", value: prefix, placeholder: "Begins with …  ( / )", "aria-label": "Streams whose id begins with", spellcheck: "false", autocapitalize: "off", oninput: typed });
  const state = h("p", { role: "status" }, "…");
  const list = h("div", {}, loading());
  const more = h("div", { class: "more" });
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("h1", {}, "Streams"), state),
      h("div", { class: "row" }, h("button", { "data-key": "n", onclick: () => appendDialog({ onAppended: (id) => (location.hash = `#/streams/${encodeURIComponent(id)}`) }) }, "Append to a new stream")),
    ),
    h("form", { class: "controls", onsubmit: open }, h("div", { class: "grow" }, search), h("button", { type: "submit" }, "Open by id")),
    list,
    more,
  );
  let timer;
  signal.addEventListener("abort", () => clearTimeout(timer));
  load();

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      prefix = search.value;
      history.replaceState(null, "", withQuery("#/streams", { prefix }));
      load();
    }, 180);
  }

  function open(event) {
    event.preventDefault();
    if (search.value !== "") location.hash = `#/streams/${encodeURIComponent(search.value)}`;
  }

  async function load(after) {
    const request = ++asked;
    show(more);
    try {
      const page = await get(withQuery("/api/streams", { prefix, after, limit: PAGE }), { signal });
      if (request === asked) showPage(page, after);
    } catch (error) {
      if (signal.aborted || request !== asked) return;
      show(after === undefined ? list : more, failure(error, () => load(after)));
    }
  }

  function showPage({ streams, next }, after) {
    const rows = streams.map(({ streamId }) => row(streamId));
    if (after === undefined) show(list, h("div", { class: "ids" }, rows));
    else {
      list.firstChild.append(...rows);
      rows[0]?.focus();
    }
    const shown = list.firstChild.children.length;
    state.textContent = `${plural(shown, "stream")}${next ? " so far" : ""}${prefix ? ` beginning with “${prefix}”` : ""}, in the order of the storage`;
    // A rare prefix: the server has looked at many ids, and goes on where it stopped.
    if (next && streams.length === 0) load(next);
    else if (next) show(more, h("button", { onclick: () => load(next) }, "More streams"));
    else if (shown === 0) {
      state.textContent = "None.";
      show(list, nothing());
    }
  }

  function row(id) {
    const text = id.startsWith(prefix) ? [h("mark", {}, prefix), id.slice(prefix.length)] : id;
    return h("a", { href: `#/streams/${encodeURIComponent(id)}`, "data-row": true, title: id }, text);
  }

  function nothing() {
    if (prefix) return empty("No stream begins so", "Streams are found by the beginning of their id; case counts. “Open by id” opens it all the same, to append its first event.");
    return empty("No streams yet", h("a", { href: "#/orders" }, "Place an order"), ", ", h("a", { href: "#/transfer" }, "import a log"), ", or append the first event of a stream of yours.");
  }
}
