// SPDX-License-Identifier: Apache-2.0
// The HTTP API of this node, as openapi.yaml describes it.

import { parseExactly } from "./json.js";

/** An answer that says no: an RFC 9457 problem, or what is known where no answer came. */
export class ApiError extends Error {
  constructor(status, problem, title) {
    super(problem.detail ?? title);
    this.status = status;
    this.problem = problem;
    this.title = problem.title ?? title;
  }
}

let token = sessionStorage.getItem("token");
export const getToken = () => token;

export function setToken(value) {
  token = value || null;
  if (token) sessionStorage.setItem("token", token);
  else sessionStorage.removeItem("token");
}

export function headers(more) {
  return token ? { ...more, Authorization: `Bearer ${token}` } : { ...more };
}

/** The response, whatever its body; an `ApiError` unless it is one of success. */
export async function open(path, { method = "GET", headers: more, body, signal } = {}) {
  const sent = token;
  let response;
  try {
    response = await fetch(path, { method, headers: headers(more), body, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    // A request that changes something may have arrived before the connection broke.
    const outcome = method === "GET" || method === "HEAD" ? "unavailable" : "unknown";
    throw new ApiError(0, { outcome, detail: `This node (${location.host}) may have been stopped; the cluster goes on without it.` }, "No answer");
  }
  // An answer to a request from before the token was given asks for nothing.
  if (response.status === 401 && sent === token) dispatchEvent(new CustomEvent("tokenneeded"));
  if (!response.ok) throw problem(response.status, response.statusText, await response.text().catch(() => ""));
  return response;
}

export function problem(status, statusText, text) {
  let fields = {};
  try {
    fields = JSON.parse(text) ?? {};
  } catch {
    if (text) fields = { detail: text.slice(0, 500) };
  }
  return new ApiError(status, fields, `HTTP ${status} ${statusText}`.trim());
}

export async function get(path, options) {
  return JSON.parse(await text(path, options));
}

/** Events and states, whose numbers are shown digit by digit. */
export async function getExactly(path, options) {
  return parseExactly(await text(path, options));
}

async function text(path, options) {
  return (await open(path, { ...options, headers: { Accept: "application/json", ...options?.headers } })).text();
}

/** Posts JSON text. */
export async function post(path, body, options) {
  const response = await open(path, { method: "POST", ...options, body, headers: { "Content-Type": "application/json", ...options?.headers } });
  const answer = await response.text();
  return { status: response.status, ...(answer ? JSON.parse(answer) : {}) };
}

/** `path?name=value…` of those that have a value. */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export const streamPath = (id) => `/api/streams/${encodeURIComponent(id)}`;
export const orderPath = (id) => `/api/orders/${encodeURIComponent(id)}`;

/** A new random event id (`crypto.randomUUID` is there in secure contexts only). */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
