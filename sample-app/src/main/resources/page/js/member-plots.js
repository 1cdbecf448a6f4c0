// SPDX-License-Identifier: Apache-2.0
// Throughput and latency of every member, as this node has them from the others.

import { get } from "./api.js";
import { nodeClass, shortAddress } from "./nodes.js";
import { plot } from "./plot.js";

const EVERY_MILLIS = 2000;

/** Two plots with a line for each member; `look(members)` brings them up to date, if it is time to. */
export function memberPlots(signal) {
  const throughput = plot("Appends through each node", "a second");
  const latency = plot("Latency of 99 % of them", "ms");
  let next = 0;
  signal.addEventListener("abort", () => {
    throughput.close();
    latency.close();
  });

  async function look(members) {
    if (Date.now() < next) return;
    next = Infinity;
    const addresses = members.map(({ address }) => address);
    const answers = await Promise.allSettled(addresses.map((address) => get(`/api/cluster/nodes/${encodeURIComponent(address)}/metrics`, { signal })));
    next = Date.now() + EVERY_MILLIS;
    // A node that does not answer has no line, and what is the matter with it stands elsewhere.
    const known = answers.flatMap(({ value }, at) => (value ? [{ address: addresses[at], points: value.points }] : []));
    const series = (key, when) =>
      known.map(({ address, points }) => ({
        name: shortAddress(address),
        className: nodeClass(address),
        points: points.map((point) => [Date.parse(point.at), when(point) ? point[key] : null]),
      }));
    throughput.update(series("appendsPerSecond", () => true));
    // Where nothing was appended there is no latency.
    latency.update(series("p99Millis", (point) => point.appendsPerSecond > 0));
  }

  return { elements: [throughput.element, latency.element], look };
}
