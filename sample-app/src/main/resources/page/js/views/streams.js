// SPDX-License-Identifier: Apache-2.0
import { appendDialog } from "../append.js";
import { withQuery } from "../api.js";
import { empty, h, show } from "../dom.js";
import { plural } from "../format.js";
import { paged } from "../pages.js";

const PAGE = 100;

/** All streams, by the beginning of their id, page by page. */
export function streamsView(root, { query, signal }) {
  let prefix = query.get("prefix") ?? "";
  const search = h("input", { type: "search", value: prefix, placeholder: "Begins with …  ( / )", "aria-label": "Streams whose id begins with", spellcheck: "false", autocapitalize: "off", oninput: typed });
  const state = h("p", { role: "status" }, "…");
  const { list, more, load } = paged({ path: "/api/streams", query: () => ({ prefix, limit: PAGE }), onPage: showPage, what: "streams", signal });
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("h1", {}, "Streams"), state),
      h("div", { class: "row" }, h("button", { class: "main", "data-key": "n", onclick: () => appendDialog({ onAppended: (id) => (location.hash = `#/streams/${encodeURIComponent(id)}`) }) }, "Append to a new stream")),
    ),
    h("form", { class: "controls", onsubmit: open }, h("div", { class: "grow" }, search), h("button", { type: "submit" }, "Open by id")),
    list,
    more,
    h("button", { class: "hidden", tabindex: "-1", "data-key": "r", onclick: load }, "Reload"),
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

  function showPage({ streams, next }, first) {
    const rows = streams.map(({ streamId }) => row(streamId));
    if (first) show(list, h("div", { class: "ids" }, rows));
    else {
      list.firstChild.append(...rows);
      rows[0]?.focus();
    }
    const shown = list.firstChild.children.length;
    state.textContent = `${plural(shown, "stream")}${next ? " so far" : ""}${prefix ? ` beginning with “${prefix}”` : ""}, in the order of the storage`;
    if (!next && shown === 0) {
      state.textContent = "None.";
      show(list, nothing());
    }
    return rows.length;
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
