// SPDX-License-Identifier: Apache-2.0
import { empty, h, show } from "../dom.js";
import { money, plural, time } from "../format.js";
import { placeDialog } from "../order-commands.js";
import { paged } from "../pages.js";

const PAGE = 50;
const TONES = { PAID: "good", SHIPPED: "good", DELIVERED: "good", CANCELLED: "bad", RETURNED: "warn" };

/** The orders as the read model has them. */
export function ordersView(root, { signal }) {
  const state = h("p", { role: "status" }, "…");
  const { list, more, load } = paged({ path: "/api/orders", query: () => ({ limit: PAGE }), onPage: showPage, what: "orders", signal });
  show(
    root,
    h(
      "div",
      { class: "head" },
      h("div", {}, h("h1", {}, "Orders"), state),
      h(
        "div",
        { class: "row" },
        h("button", { "data-key": "r", onclick: load }, "Reload"),
        h("button", { class: "main", "data-key": "n", onclick: () => placeDialog((id) => (location.hash = `#/orders/${encodeURIComponent(id)}`)) }, "Place an order"),
      ),
    ),
    list,
    more,
  );
  load();

  function showPage({ orders, next }, first) {
    if (first && orders.length === 0) {
      state.textContent = "None.";
      show(list, empty("No orders yet", "Place one: it is a command that is decided against the order's events, and its event appears here by way of a durable subscription."));
      return 0;
    }
    if (first) show(list, table());
    list.querySelector("tbody").append(...orders.map(row));
    const shown = list.querySelectorAll("tbody tr").length;
    state.textContent = `${plural(shown, "order")}${next ? " so far" : ""}; the read model is kept by a durable subscription`;
    return orders.length;
  }

  function table() {
    const heads = ["Order", "Status", "Customer", "Total", "Changed"];
    return h("div", { class: "scroll" }, h("table", { class: "orders" }, h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col", class: head === "Total" ? "right" : null }, head)))), h("tbody", {})));
  }

  function row({ orderId, updated, status, customer, total, currency }) {
    return h(
      "tr",
      {},
      h("td", { class: "mono" }, h("a", { href: `#/orders/${encodeURIComponent(orderId)}`, "data-row": true }, orderId)),
      h("td", {}, h("span", { class: `tag ${TONES[status] ?? ""}` }, status.toLowerCase())),
      h("td", {}, customer),
      h("td", { class: "right number" }, money(total, currency)),
      h("td", { class: "soft" }, time(updated)),
    );
  }
}
