// SPDX-License-Identifier: Apache-2.0
import { get, orderPath, streamPath, withQuery } from "../api.js";
import { compareVersions } from "../compare.js";
import { busy, empty, failure, h, loading, show, toast } from "../dom.js";
import { money, number } from "../format.js";
import { giveBack, pay, pick, ship } from "../order-commands.js";

const STEPS = ["placed", "paid", "picked", "shipped", "returned"];
const LATEST_EVENTS = 200;

/** One order: its state, its commands, and what changed from one version to another. */
export function orderView(root, { id, signal }) {
  const facts = h("p", {}, "…");
  const buttons = h("div", { class: "row" });
  const answer = h("div", { "aria-live": "polite" });
  const body = h("div", { class: "stack" }, loading());
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("p", { class: "crumb" }, h("a", { href: "#/orders" }, "Orders")), h("h1", { class: "mono" }, id), facts),
      buttons,
    ),
    h("div", { class: "stack" }, answer, body),
    h("button", { class: "hidden", tabindex: "-1", "data-key": "r", onclick: load }, "Reload"),
  );
  load();

  /** From the events, not from the list of orders: that one is a moment behind. */
  async function load() {
    try {
      const [order, read] = await Promise.all([
        get(`${orderPath(id)}/state`, { signal }),
        get(withQuery(streamPath(id), { reverse: true, limit: LATEST_EVENTS }), { signal }),
      ]);
      if (order.version === 0) showNothing();
      else showOrder(order, read.events.reverse());
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 404) showNothing();
      else show(body, failure(error, load));
    }
  }

  function showNothing() {
    show(facts, "none");
    show(body, empty("There is no such order", h("a", { href: "#/orders" }, "All orders")));
  }

  function showOrder({ version, state }, events) {
    const reached = stepOf(state);
    show(facts, `${state.customer} · ${money(state.total, state.currency)}${state.refunded > 0 ? `, ${money(state.refunded, state.currency)} refunded` : ""} · version ${number(version)}, `, h("a", { href: `#/streams/${encodeURIComponent(id)}` }, "its events"));
    show(buttons, commandButton("Pay", reached === 0, () => pay(id)), commandButton("Ship", reached === 2, () => ship(id)));
    show(
      body,
      h("ol", { class: "card steps", "aria-label": "Steps" }, STEPS.map((step, at) => h("li", { class: `${at <= reached ? "done" : ""} ${at < reached ? "passed" : ""}`, "aria-current": at === reached ? "step" : null }, step))),
      h("div", { class: "two" }, items(state, reached), compareVersions({ id, events, version, signal })),
    );
  }

  function items({ lines, currency, parcels }, reached) {
    const heads = ["Item", "Price", "Picked", "Back", ""];
    return h(
      "section",
      { class: "card" },
      h("h2", {}, "Items"),
      h(
        "table",
        { class: "items" },
        h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
        h(
          "tbody",
          {},
          lines.map((line) =>
            h(
              "tr",
              {},
              h("td", {}, `${number(line.quantity)} × ${line.name}`, h("div", { class: "mono soft" }, line.sku)),
              h("td", { class: "number" }, money(line.unitPrice * line.quantity, currency)),
              h("td", { class: "number" }, number(line.picked)),
              h("td", { class: "number" }, number(line.returned)),
              h("td", { class: "right" }, reached < 3 ? commandButton("Pick", reached === 1 && line.picked < line.quantity, () => pick(id, line)) : commandButton("Return one", false, () => giveBack(id, line))),
            ),
          ),
        ),
      ),
      parcels.length > 0 && h("p", { class: "hint" }, "Shipped as ", h("code", {}, parcels.join(", "))),
    );
  }

  /** A refusal is the order's to make: every command can be given at any time. */
  function commandButton(text, next, run) {
    const button = h("button", { class: next ? "main" : null, onclick: () => busy(button, () => give(run)) }, text);
    return button;
  }

  async function give(run) {
    show(answer);
    try {
      await run();
      toast("Done.");
      await load();
    } catch (error) {
      if (error.status !== 422) return show(answer, failure(error));
      show(answer, h("p", { class: "note warn", role: "alert" }, h("strong", {}, "Refused: "), error.message, "."));
    }
  }
}

function stepOf({ status, lines }) {
  if (status === "PAID" && lines.every((line) => line.picked >= line.quantity)) return 2;
  return { PLACED: 0, PAID: 1, SHIPPED: 3, DELIVERED: 3, RETURNED: 4 }[status] ?? -1;
}
