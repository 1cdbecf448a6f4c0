// SPDX-License-Identifier: Apache-2.0
import { post } from "./api.js";
import { dialog } from "./dialog.js";
import { h, show, toast } from "./dom.js";
import { duration, number } from "./format.js";
import { nodeClass, pageOf, shortAddress } from "./nodes.js";

/** A card of the node at `address`; `update(member)` shows it as it is now. */
export function memberCard(address, { demoMode, note }) {
  const tags = h("span", {});
  const shards = h("p", { class: "big" });
  const status = h("p", { class: "hint" });
  const page = h("a", { class: "button quiet", hidden: true }, "Its page");
  const element = h(
    "article",
    { class: "card member", "aria-label": shortAddress(address) },
    h("div", { class: "name" }, shortAddress(address), tags),
    shards,
    h("div", { class: "row" }, page, demoMode && h("button", { class: "danger", onclick: () => stopDialog(shown, note) }, "Stop …")),
    status,
  );
  let shown;

  function update(member) {
    shown = member;
    element.className = `card member ${nodeClass(address)} ${member.reachable ? "" : "gone"}`;
    show(tags, member.self && h("span", { class: "tag" }, "this node"), " ", member.leader && h("span", { class: "tag" }, "leader"));
    show(shards, number(member.shards ?? 0), " ", h("small", {}, member.shards === 1 ? "shard" : "shards"));
    show(
      status,
      h("span", { class: `tag ${member.reachable ? member.status : "bad"}` }, member.reachable ? member.status : "unreachable"),
      member.upSince && ` for ${duration(Date.now() - new Date(member.upSince))}`,
      member.roles?.length > 0 && ` · ${member.roles.join(", ")}`,
    );
    page.hidden = member.self || pageOf(member) === null;
    if (!page.hidden) page.href = pageOf(member);
  }

  return { element, update };
}

function stopDialog(member, note) {
  const name = shortAddress(member.address);
  const how = h("select", { "aria-label": "How" }, h("option", { value: "leave" }, "leave: hand over, then end"), h("option", { value: "kill" }, "kill: as if the power went off"));
  dialog({
    title: `Stop ${name}`,
    className: "danger",
    action: "Stop it",
    content: [
      h("p", {}, "Its streams move to the other nodes: after “leave” at once, after “kill” when the others have found out that it is gone, some seconds later. No event that was acknowledged is lost either way."),
      member.self && h("p", { class: "note warn" }, "This page comes from that node: go on with the page of another."),
      how,
    ],
    submit: async () => {
      await post(`/api/cluster/nodes/${encodeURIComponent(member.address)}/stop`, JSON.stringify({ how: how.value }));
      note(`${name} was told to ${how.value}`);
      toast(`${name} was told so.`);
    },
  });
}
