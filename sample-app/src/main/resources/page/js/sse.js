// SPDX-License-Identifier: Apache-2.0
// Server-sent events by fetch, which, unlike EventSource, sends a bearer token and tells an error's status.

import { open } from "./api.js";
import { parseExactly } from "./json.js";

const SILENCE_MILLIS = 45_000; // three heartbeats missed
const LONGEST_PAUSE_MILLIS = 10_000;

/** Messages of a text/event-stream: `{id, event, data}`; comments are taken as signs of life. */
async function* messages(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let message = { data: [] };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (message.data.length > 0) yield { ...message, data: message.data.join("\n") };
          message = { data: [] };
        } else if (!line.startsWith(":")) {
          const [, field, text] = /^([^:]*):? ?(.*)$/s.exec(line);
          if (field === "data") message.data.push(text);
          else message[field] = text;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Follows `path` until `signal` is aborted, and after a break goes on behind the last message that came.
 * `onEvent(event, id)` has each event; `onState(state, error)` is told "open", "waiting" or "refused" (the end).
 */
export async function follow(path, { signal, onEvent, onState, lastId = null }) {
  let pause = 500;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    signal.addEventListener("abort", abort, { once: true });
    let watchdog;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MILLIS);
    };
    try {
      const more = { Accept: "text/event-stream", ...(lastId === null ? {} : { "Last-Event-ID": lastId }) };
      const response = await open(path, { headers: more, signal: attempt.signal });
      alive();
      onState("open");
      for await (const { id, event, data } of messages(response.body, alive)) {
        pause = 500;
        if (event === "event") onEvent(parseExactly(data), id);
        if (id !== undefined) lastId = id;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status >= 400 && error.status < 500 && error.status !== 429) return onState("refused", error);
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", abort);
    }
    if (signal.aborted) return;
    onState("waiting");
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
  }
}
