// SPDX-License-Identifier: Apache-2.0
import { appendDialog } from "../append.js";
import { get, getExactly, streamPath, withQuery } from "../api.js";
import { empty, failure, h, loading, show } from "../dom.js";
import { eventRow } from "../event-row.js";
import { number } from "../format.js";
import { shortAddress } from "../nodes.js";
import { follow } from "../sse.js";

const PAGE = 50;

/** The events of one stream, newest first or oldest first, and live as they come. */
export function streamView(root, { id, signal }) {
  let reverse = true;
  let version = 0;
  let following = null;
  let load = new AbortController();
  signal.addEventListener("abort", () => {
    load.abort();
    following?.abort();
  });

  const state = h("p", {}, "…");
  const owner = h("span", {});
  const order = h("button", { onclick: turn }, "Oldest first");
  const live = h("button", { "data-key": "f", "aria-pressed": "false", onclick: toggleLive }, "Follow");
  const list = h("div", { class: "events" });
  const more = h("div", { class: "more" });
  const place = h("div", {}, list, more);
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("p", { class: "crumb" }, h("a", { href: "#/streams" }, "Streams")), h("h1", { class: "mono" }, id), state),
      h(
        "div",
        { class: "row" },
        order,
        h("button", { "data-key": "e", onclick: toggleAll }, "Open all"),
        live,
        h("button", { class: "main", "data-key": "n", onclick: append }, "Append"),
        h("button", { class: "hidden", "data-key": "r", tabindex: "-1", onclick: restart }, "Reload"),
      ),
    ),
    place,
  );
  restart();
  showOwner();

  function restart() {
    load.abort();
    load = new AbortController();
    show(place, loading());
    page();
  }

  async function page(from) {
    const loadSignal = load.signal;
    const range = reverse ? { toVersion: from } : { fromVersion: from };
    show(more);
    try {
      const read = await getExactly(withQuery(streamPath(id), { ...range, reverse, limit: PAGE }), { signal: loadSignal });
      if (loadSignal.aborted) return;
      if (from === undefined) show(list);
      showPage(read);
    } catch (error) {
      if (loadSignal.aborted) return;
      if (from === undefined) show(place, failure(error, restart));
      else show(more, failure(error, () => page(from)));
    }
  }

  function showPage({ events, currentVersion, continueFrom }) {
    version = Math.max(version, currentVersion);
    showState();
    const few = list.children.length === 0 && events.length <= 3;
    list.append(...events.map((event) => eventRow(event, { open: few })));
    if (version === 0) {
      show(place, empty("This stream does not exist", "A stream comes into being with its first event."));
      return;
    }
    show(place, list, more);
    if (list.children.length === 0) show(place, empty("No events", `Its ${number(version)} events were deleted; the next has version ${number(version + 1)}.`));
    if (continueFrom != null) show(more, `${number(list.children.length)} of ${number(version)}`, h("button", { onclick: () => page(continueFrom) }, "More events"));
  }

  function showState() {
    show(state, version === 0 ? "New" : `version ${number(version)}`, owner);
  }

  async function showOwner() {
    try {
      const { shard, node } = await get(`/api/cluster/streams/${encodeURIComponent(id)}`, { signal });
      show(owner, " · shard ", h("span", { class: "number" }, String(shard)), " on ", h("a", { href: withQuery("#/cluster", { watch: id }), class: "mono", title: "Watch where it is" }, node ? shortAddress(node) : "no node yet"));
    } catch {
      // The events matter more than where they are.
    }
  }

  function turn() {
    reverse = !reverse;
    order.textContent = reverse ? "Oldest first" : "Newest first";
    restart();
  }

  function toggleAll() {
    const rows = [...list.children];
    const open = !rows.every((row) => row.open);
    for (const row of rows) row.open = open;
  }

  function toggleLive() {
    if (following) {
      following.abort();
      following = null;
      return showLive();
    }
    following = new AbortController();
    showLive("waiting");
    follow(`${streamPath(id)}/events`, {
      signal: following.signal,
      lastId: String(version),
      onEvent: arrived,
      onState: (now, error) => {
        showLive(now);
        if (error) show(more, failure(error));
      },
    });
  }

  function showLive(now) {
    live.setAttribute("aria-pressed", String(following !== null));
    live.textContent = { open: "Following", waiting: "Connecting …", refused: "Refused" }[now] ?? "Follow";
  }

  function arrived(event) {
    if (event.version <= version) return;
    if (version === 0 || !list.isConnected) show(place, list, more);
    version = event.version;
    showState();
    const row = eventRow(event);
    row.classList.add("fresh");
    if (reverse) list.prepend(row);
    // Else it is shown where the list has come to the end of the stream.
    else if (more.childElementCount === 0) list.append(row);
  }

  function append() {
    appendDialog({ streamId: id, version, onAppended: () => (following ? null : restart()), onReload: restart });
  }
}
