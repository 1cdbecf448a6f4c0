// SPDX-License-Identifier: Apache-2.0
import { h } from "./dom.js";
import { time } from "./format.js";
import { format, preview, pretty } from "./json.js";

/** An event as a row that opens; its JSON is made when it opens. `feed` names the stream too. */
export function eventRow(event, { feed = false, open = false } = {}) {
  const row = h(
    "details",
    {
      class: feed ? "event feed" : "event",
      ontoggle: () => {
        if (row.open && row.children.length === 1) row.append(body(event, feed));
      },
    },
    h(
      "summary",
      { "data-row": true },
      feed && h("span", { class: "stream", title: event.streamId }, event.streamId),
      h("span", { class: "version" }, h("span", { class: "hidden" }, "version "), String(event.version)),
      h("span", { class: "type" }, event.type),
      h("span", { class: "preview" }, preview(event.data).slice(0, 300)),
      time(event.timestamp),
    ),
  );
  if (open) row.open = true;
  return row;
}

function body(event, feed) {
  const metadata = event.metadata ?? {};
  return h(
    "div",
    { class: "body" },
    h(
      "dl",
      { class: "facts" },
      h("div", {}, h("dt", {}, "id"), h("dd", {}, event.id)),
      h("div", {}, h("dt", {}, "recorded"), h("dd", {}, event.timestamp)),
      feed && h("div", {}, h("dt", {}, "stream"), h("dd", {}, h("a", { href: `#/streams/${encodeURIComponent(event.streamId)}` }, event.streamId))),
    ),
    h("div", {}, h("span", { class: "label" }, "Payload"), pretty(event.data)),
    h("div", {}, h("span", { class: "label" }, "Metadata"), format(metadata) === "{}" ? h("p", { class: "hint" }, "None.") : pretty(metadata)),
  );
}
