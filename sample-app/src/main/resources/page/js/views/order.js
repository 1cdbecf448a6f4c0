// SPDX-License-Identifier: Apache-2.0
import { getExactly, orderPath, streamPath, withQuery } from "../api.js";
import { compareVersions } from "../compare.js";
import { busy, empty, failure, h, loading, show, toast } from "../dom.js";
import { number } from "../format.js";
import { COMMANDS, command } from "../order-commands.js";
import { pretty } from "../json.js";

const STEPS = ["placed", "paid", "picked", "shipped", "returned"];
const LATEST_EVENTS = 200;

/** One order: its state, its commands, and what changed from one version to another. */
export function orderView(root, { id, signal }) {
  const stream = id;
  const state = h("p", {}, "…");
  const buttons = h("div", { class: "row" });
  const answer = h("div", {});
  const body = h("div", { class: "stack" }, loading());
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("p", { class: "crumb" }, h("a", { href: "#/orders" }, "Orders")), h("h1", { class: "mono" }, id), state),
      buttons,
    ),
    h("div", { class: "stack" }, answer, body),
    h("button", { class: "hidden", tabindex: "-1", "data-key": "r", onclick: load }, "Reload"),
  );
  load();

  async function load() {
    try {
      const [folded, read] = await Promise.all([
        getExactly(`${orderPath(id)}/state`, { signal }),
        getExactly(withQuery(streamPath(stream), { reverse: true, limit: LATEST_EVENTS }), { signal }),
      ]);
      showOrder(folded, read.events.reverse());
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 404) show(body, empty("There is no such order", h("a", { href: "#/orders" }, "All orders")));
      else show(body, failure(error, load));
    }
  }

  function showOrder({ version, state: folded }, events) {
    show(state, `version ${number(version)} · `, h("a", { href: `#/streams/${encodeURIComponent(stream)}` }, "its events"));
    const reached = STEPS.indexOf(folded.status);
    show(
      buttons,
      COMMANDS.map(({ name, text, body: make }, at) => {
        const button = h("button", { class: at === reached ? "main" : null, onclick: () => busy(button, () => run(name, make(folded))) }, text);
        return button;
      }),
    );
    show(
      body,
      h("ol", { class: "card steps", "aria-label": "Steps" }, STEPS.map((step, at) => h("li", { class: `${at <= reached ? "done" : ""} ${at < reached ? "passed" : ""}`, "aria-current": at === reached ? "step" : null }, step))),
      h("div", { class: "two" }, h("section", { class: "card" }, h("h2", {}, "State"), pretty(folded)), compareVersions({ id, events, version, signal })),
    );
  }

  async function run(name, request) {
    show(answer);
    try {
      await command(id, name, request);
      toast("Done.");
      await load();
    } catch (error) {
      if (error.status !== 422) return show(answer, failure(error));
      show(answer, h("p", { class: "note warn", role: "alert" }, h("strong", {}, "Refused. "), error.message));
    }
  }
}
