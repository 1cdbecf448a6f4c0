// SPDX-License-Identifier: Apache-2.0
import { h } from "./dom.js";

const NUMBER = new Intl.NumberFormat();
const FINE = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export const number = (value) => NUMBER.format(value);
export const fine = (value) => (value >= 100 ? NUMBER.format(Math.round(value)) : FINE.format(value));
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
export const clock = (time) => CLOCK.format(new Date(time));

/** A time, without the day or the year where they are today's; the whole of it, with milliseconds, as its title. */
export function time(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return h("span", {}, String(iso));
  const now = new Date();
  const day = date.toDateString() === now.toDateString() ? "" : `${(date.getFullYear() === now.getFullYear() ? DAY : DATE).format(date)}, `;
  return h("time", { datetime: iso, title: date.toISOString() }, day + CLOCK.format(date));
}

export function duration(millis) {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = Math.floor(millis / 1000);
  if (seconds < 60) return `${(millis / 1000).toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1024 ** 2 ? `${fine(count / 1024)} KiB` : `${fine(count / 1024 ** 2)} MiB`;
}

export function money(cents, currency) {
  if (typeof cents !== "number") return "";
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency: currency ?? "EUR" }).format(cents / 100);
  } catch {
    return `${(cents / 100).toFixed(2)} ${currency}`;
  }
}
