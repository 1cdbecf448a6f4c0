// SPDX-License-Identifier: Apache-2.0
import { get } from "../api.js";
import { failure, h, loading, show } from "../dom.js";
import { clock, number, plural } from "../format.js";
import { memberCard } from "../member-card.js";
import { memberPlots } from "../member-plots.js";
import { nodeClass, remember, shortAddress } from "../nodes.js";
import { watched } from "../watch.js";

const EVERY_MILLIS = 1000;
const KEPT = 100;

// What has happened while the page is open, newest first; it outlives the view.
const happened = [];
let before = null;

function note(text) {
  happened.unshift({ at: Date.now(), text });
  happened.length = Math.min(happened.length, KEPT);
}

/** The nodes, what each of them has, how much they do, and a way to stop one. */
export function clusterView(root, { query, signal }) {
  const state = h("p", { role: "status" }, "…");
  const trouble = h("div", {});
  const members = h("div", { class: "members" }, loading(3));
  const shards = h("div", { class: "card" });
  let nodes = [];
  const plots = memberPlots(signal);
  const log = h("ol", { class: "log" });
  const cards = new Map();
  const watch = watched({ signal, note, first: query.get("watch") });
  show(
    root,
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Cluster"), state)),
    h(
      "div",
      { class: "stack" },
      trouble,
      members,
      shards,
      h("div", { class: "two" }, plots.elements),
      h("div", { class: "two" }, watch.element, h("section", { class: "card" }, h("h2", {}, "What has happened"), log)),
    ),
  );
  poll();

  async function poll() {
    while (!signal.aborted) {
      if (!document.hidden) {
        try {
          const cluster = await get("/api/cluster", { signal });
          show(trouble);
          showCluster(cluster);
          plots.look(nodes);
          await watch.look();
        } catch (error) {
          if (signal.aborted) return;
          show(trouble, failure(error));
          state.textContent = "No answer; asking again every second.";
        }
        if (log.childElementCount !== happened.length || happened.length === 0) show(log, happened.length === 0 ? h("li", { class: "soft" }, "Nothing yet: stop a node, and watch its streams move.") : happened.map(({ at, text }) => h("li", {}, h("time", {}, clock(at)), h("span", {}, text))));
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MILLIS));
    }
  }

  function showCluster({ members: found, shards: { total }, demoMode }) {
    remember(found);
    nodes = found.sort((a, b) => a.address.localeCompare(b.address, undefined, { numeric: true }));
    compare(nodes);
    const up = nodes.filter((node) => node.status === "Up" && node.reachable);
    state.textContent = `${plural(up.length, "node")} up · ${plural(nodes.reduce((sum, node) => sum + (node.shards ?? 0), 0), "shard")} of ${number(total)} active`;
    showCards(demoMode);
    showShards(total);
  }

  /** A card stays the same element as long as its node is there: focus and selection outlive an update. */
  function showCards(demoMode) {
    for (const node of nodes) {
      if (!cards.has(node.address)) cards.set(node.address, memberCard(node.address, { demoMode, note }));
      cards.get(node.address).update(node);
    }
    for (const address of cards.keys()) if (!nodes.some((node) => node.address === address)) cards.delete(address);
    const elements = nodes.map((node) => cards.get(node.address).element);
    if (elements.length !== members.children.length || elements.some((element, at) => element !== members.children[at])) show(members, elements);
  }

  function showShards(total) {
    const bar = h("div", { class: "shards", role: "img", "aria-label": nodes.map((node) => `${shortAddress(node.address)}: ${node.shards}`).join(", ") });
    for (const node of nodes) {
      if (!node.shards) continue;
      const part = h("i", { class: nodeClass(node.address), title: `${shortAddress(node.address)}: ${node.shards}` });
      part.style.flexGrow = node.shards;
      bar.append(part);
    }
    const idle = total - nodes.reduce((sum, node) => sum + (node.shards ?? 0), 0);
    const rest = h("i", {});
    rest.style.flexGrow = Math.max(idle, 0);
    bar.append(rest);
    show(
      shards,
      h("h2", {}, "Shards"),
      bar,
      h("div", { class: "legend" }, nodes.map((node) => h("span", { class: nodeClass(node.address) }, `${shortAddress(node.address)} ${node.shards}`)), idle > 0 && h("span", {}, `not active ${idle}`)),
    );
  }
}

/** Notes what differs from a second ago. */
function compare(nodes) {
  const now = new Map(nodes.map((node) => [shortAddress(node.address), node]));
  if (before) {
    for (const [address, node] of now) {
      const old = before.get(address);
      if (!old) note(`${address} has joined`);
      else if (old.reachable && !node.reachable) note(`${address} does not answer the others`);
      else if (old.status !== node.status) note(`${address} is ${node.status}`);
      if (old && old.shards !== node.shards) note(`${address} has ${plural(node.shards, "shard")}, had ${old.shards}`);
    }
    for (const address of before.keys()) if (!now.has(address)) note(`${address} is gone`);
  }
  before = now;
}
