// SPDX-License-Identifier: Apache-2.0
import { getExactly, orderPath, withQuery } from "./api.js";
import { failure, h, show } from "./dom.js";
import { plural } from "./format.js";
import { difference } from "./json.js";

/** A card that tells what differs between an order's folded state at two versions. */
export function compareVersions({ id, events, version, signal }) {
  const choices = [{ version: 0, type: "before its first event" }, ...events];
  const select = (label, chosen) => {
    const element = h("select", { "aria-label": label, onchange: compare }, choices.map((event) => h("option", { value: event.version }, `${event.version} · ${event.type}`)));
    element.value = String(chosen);
    return element;
  };
  const from = select("From version", Math.max(version - 1, 0));
  const to = select("To version", version);
  const all = h("input", { type: "checkbox", onchange: compare });
  const result = h("div", { "aria-live": "polite" });
  compare();
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Compare two versions"),
    h("div", { class: "controls" }, h("label", { class: "grow" }, h("span", {}, "From"), from), h("label", { class: "grow" }, h("span", {}, "To"), to)),
    result,
    h("label", { class: "check hint" }, all, "what is the same too"),
  );

  async function compare() {
    try {
      const [before, after] = await Promise.all([stateAt(from.value), stateAt(to.value)]);
      showDifference(difference(before, after));
    } catch (error) {
      if (!signal.aborted) show(result, failure(error, compare));
    }
  }

  async function stateAt(at) {
    if (at === "0") return {};
    return (await getExactly(withQuery(`${orderPath(id)}/state`, { version: at }), { signal })).state;
  }

  function showDifference(lines) {
    const changed = lines.filter((line) => line.changed);
    const shown = all.checked ? lines : changed;
    show(
      result,
      h("p", { class: "hint" }, changed.length === 0 ? "The same." : `${plural(changed.length, "field")} changed.`),
      shown.length > 0 &&
        h(
          "table",
          { class: "diff" },
          h("thead", {}, h("tr", {}, [`Field`, `At ${from.value}`, `At ${to.value}`].map((head) => h("th", { scope: "col" }, head)))),
          h("tbody", {}, shown.map(line)),
        ),
    );
  }
}

function line({ path, before, after, changed }) {
  return h(
    "tr",
    { class: changed ? null : "same" },
    h("td", {}, path),
    h("td", {}, before !== undefined && (changed ? h("del", {}, before) : before)),
    h("td", {}, after !== undefined && (changed ? h("ins", {}, after) : after)),
  );
}
