// SPDX-License-Identifier: Apache-2.0
import { get, streamPath } from "./api.js";
import { h, show } from "./dom.js";
import { nodeClass, shortAddress } from "./nodes.js";

const ids = new Set();
const nodes = new Map();
const waking = new Set();

/** A stream moves when somebody wants something of it: this asks for its version, once at a time. */
async function wake(id) {
  if (waking.has(id)) return;
  waking.add(id);
  await get(`${streamPath(id)}/version`).catch(() => {});
  waking.delete(id);
}

/** A card that says which node owns a stream, and keeps looking. */
export function watched({ signal, note, first }) {
  if (first) ids.add(first);
  const input = h("input", { type: "search", placeholder: "Stream id", "aria-label": "Stream id", spellcheck: "false", autocapitalize: "off" });
  const list = h("ul", { class: "log" });
  const element = h(
    "section",
    { class: "card" },
    h("h2", {}, "Which node owns a stream"),
    h(
      "form",
      {
        class: "controls",
        onsubmit: (event) => {
          event.preventDefault();
          if (input.value) ids.add(input.value);
          input.value = "";
          look();
        },
      },
      h("div", { class: "grow" }, input),
      h("button", { type: "submit" }, "Watch"),
    ),
    list,
  );
  let rendered;
  render();

  async function look() {
    const answers = await Promise.all([...ids].map(async (id) => [id, await get(`/api/cluster/streams/${encodeURIComponent(id)}`, { signal })]));
    for (const [id, answer] of answers) {
      // Between two nodes it has none.
      const last = nodes.get(id)?.last;
      if (last && answer.node && last !== answer.node) note(`${id} moved from ${shortAddress(last)} to ${shortAddress(answer.node)}`);
      if (!answer.node) wake(id);
      nodes.set(id, { ...answer, last: answer.node ?? last });
    }
    render();
  }

  function render() {
    const now = JSON.stringify([...ids].map((id) => [id, nodes.get(id)]));
    if (now === rendered) return;
    rendered = now;
    if (ids.size === 0) show(list, h("li", { class: "soft" }, "Name a stream; its node is looked up every second."));
    else show(
      list,
      [...ids].map((id) => {
        const { shard, node } = nodes.get(id) ?? {};
        return h(
          "li",
          {},
          h("a", { class: "mono grow", href: `#/streams/${encodeURIComponent(id)}` }, id),
          shard !== undefined && h("span", { class: "soft" }, `shard ${shard}`),
          h(
            "span",
            { class: "row" },
            h("span", { class: node ? nodeClass(node) : "" }, h("span", { class: "dot" }), " ", h("code", {}, node ? shortAddress(node) : "no node yet")),
            h("button", { class: "quiet", "aria-label": `Stop watching ${id}`, onclick: () => (ids.delete(id), render()) }, "×"),
          ),
        );
      }),
    );
  }

  return { element, look };
}
