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
      else {
        show(facts, eventsLink());
        show(body, failure(error, load));
      }
    }
  }

  function eventsLink() {
    return h("a", { href: `#/streams/${encodeURIComponent(id)}` }, "its events");
  }

  function showNothing() {
    show(facts, "none");
    show(body, empty("There is no such order", h("a", { href: "#/orders" }, "All orders")));
  }

  function showOrder({ version, state }, events) {
    const reached = stepOf(state);
    show(facts, `${state.customer} · ${money(state.total, state.currency)}${state.refunded > 0 ? `, ${money(state.refunded, state.currency)} refunded` : ""} · version ${number(version)}, `, eventsLink());
    show(buttons, commandButton("Pay", reached === 0, "Paid", () => pay(id)), commandButton("Ship", reached === 2, "Shipped", () => ship(id)));
    show(
      body,
      h("ol", { class: "card steps", "aria-label": "Steps" }, STEPS.map((step, at) => h("li", { class: `${at <= reached ? "done" : ""} ${at < reached ? "passed" : ""}`, "aria-current": at === reached ? "step" : null }, step))),
      h("div", { class: "two" }, items(state, reached), compareVersions({ id, events, version, signal })),
    );
  }

  function items({ lines, currency, parcels }, reached) {
    return h(
      "section",
      { class: "card" },
      h("h2", {}, "Items"),
      h("ul", { class: "items" }, lines.map((line) => item(line, currency, reached))),
      parcels.length > 0 && h("p", { class: "hint" }, "Shipped as ", h("code", {}, parcels.join(", "))),
    );
  }

  function item(line, currency, reached) {
    const { quantity, name, sku, unitPrice, picked, returned } = line;
    return h(
      "li",
      {},
      h(
        "div",
        { class: "grow" },
        `${number(quantity)} × ${name}`,
        h("div", { class: "hint" }, h("span", { class: "mono" }, sku), ` · ${number(picked)} picked`, returned > 0 && ` · ${number(returned)} came back`),
      ),
      h("span", { class: "number" }, money(unitPrice * quantity, currency)),
      reached < 3
        ? commandButton("Pick", reached === 1 && picked < quantity, `Picked ${name}`, () => pick(id, line))
        : commandButton("Return one", false, `Took back one ${name}`, () => giveBack(id, line)),
    );
  }

  /** A refusal is the order's to make: every command can be given at any time. */
  function commandButton(text, next, done, run) {
    const button = h("button", { class: next ? "main" : null, onclick: () => busy(button, () => give(done, run)) }, text);
    return button;
  }

  async function give(done, run) {
    show(answer);
    try {
      await run();
      toast(done);
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
