// SPDX-License-Identifier: Apache-2.0
// What is known of the cluster: which other nodes serve this page, and a colour for each.

let others = [];
const numbers = new Map();

export function remember(members) {
  others = members.filter((member) => !member.self && member.status === "Up").map((member) => ({ name: shortAddress(member.address), page: pageOf(member) }));
}

/** The other nodes, each with the address of this view on its page. */
export const elsewhere = () => others.filter(({ page }) => page !== null);

/** The page that a member serves, at the view that is shown; null if it tells no HTTP address. */
export function pageOf({ httpAddress }) {
  if (!httpAddress) return null;
  return `${/^https?:\/\//.test(httpAddress) ? httpAddress : `http://${httpAddress}`}/${location.hash}`;
}

/** `node1` … `node6`, the same for an address as long as the page is open. */
export function nodeClass(address) {
  if (!numbers.has(address)) numbers.set(address, (numbers.size % 6) + 1);
  return `node${numbers.get(address)}`;
}

/** The address without what is the same for all nodes. */
export const shortAddress = (address) => String(address).replace(/^.*@/, "").replace(/^https?:\/\//, "");
