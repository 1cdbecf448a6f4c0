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
const ADDRESS = { street: "12 St James's Square", postcode: "SW1Y 4JH", city: "London" };

/** A reference as the shop's other systems would give one. */
const reference = (prefix) => `${prefix}-${Date.now().toString(36).toUpperCase()}`;

function command(id, name, body) {
  return post(`${orderPath(id)}/${name}`, JSON.stringify(body));
}

export const pay = (id) => command(id, "pay", { method: "card", reference: reference("PAY") });
export const pick = (id, { sku }) => command(id, "pick", { sku, shelf: "C-14" });
export const ship = (id) => command(id, "ship", { parcel: reference("PARCEL"), carrier: "bike", grams: 740 });
export const giveBack = (id, { sku }) => command(id, "return", { sku, quantity: 1, reason: "changed mind" });

/** Asks for what an order is about, and places it. */
export function placeDialog(onPlaced) {
  const id = h("input", { required: true, pattern: "order-.+", title: "order- and something more", value: `order-${Date.now().toString(36)}`, class: "mono", spellcheck: "false" });
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
      await command(id.value, "place", { customer: customer.value, items, shipTo: { name: customer.value, ...ADDRESS } });
      onPlaced(id.value);
    },
  });
}
