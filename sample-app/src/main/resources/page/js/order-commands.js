// SPDX-License-Identifier: Apache-2.0
// The commands of an order.

import { orderPath, post } from "./api.js";
import { dialog } from "./dialog.js";
import { h } from "./dom.js";

const GOODS = [
  { sku: "BK-0417", name: "Notebook, dotted", unitPrice: 1290 },
  { sku: "PN-0031", name: "Fountain pen", unitPrice: 4850 },
  { sku: "IN-0210", name: "Ink, 50 ml", unitPrice: 990 },
];

/** In the order of the usual story, with a body for an order in `state`. */
export const COMMANDS = [
  { name: "pay", text: "Pay", body: (state) => ({ amount: state.total, method: "card" }) },
  { name: "pick", text: "Pick", body: () => ({}) },
  { name: "ship", text: "Ship", body: () => ({ carrier: "bike" }) },
  { name: "return", text: "Return", body: () => ({ reason: "changed mind" }) },
];

export function command(id, name, body) {
  return post(`${orderPath(id)}/${name}`, JSON.stringify(body));
}

/** Asks for what an order is about, and places it. */
export function placeDialog(onPlaced) {
  const id = h("input", { required: true, value: `order-${Date.now().toString(36)}`, class: "mono", spellcheck: "false" });
  const customer = h("input", { required: true, value: "Ada Lovelace" });
  const counts = GOODS.map((_, at) => h("input", { type: "number", min: "0", max: "99", value: at === 0 ? "2" : "1" }));
  dialog({
    title: "Place an order",
    action: "Place it",
    content: [
      h("label", {}, h("span", {}, "Order"), id),
      h("label", {}, h("span", {}, "Customer"), customer),
      GOODS.map((item, at) => h("label", {}, h("span", {}, `${item.name}, ${(item.unitPrice / 100).toFixed(2)} €`), counts[at])),
    ],
    submit: async () => {
      const items = GOODS.map((item, at) => ({ ...item, quantity: Number(counts[at].value) })).filter(({ quantity }) => quantity > 0);
      await command(id.value, "place", { customer: customer.value, items });
      onPlaced(id.value);
    },
  });
}
