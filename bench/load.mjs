// The load generator. Open loop: requests leave at a fixed rate whatever comes back, and each is measured from the moment at which it
// was due, so that a server that stalls cannot slow the questions down and look quick.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** How long an answer is waited for, in milliseconds. */
export const timeout = 30_000;

/** One request; `status` 0 = none came. A request without an answer counts with the time it was waited for. */
export function ask(agent, port, where, { method = "GET", body, headers } = {}) {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const given = text === undefined ? headers : { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const request = http.request({ host: "127.0.0.1", port, path: where, method, agent, headers: given });
    const late = setTimeout(() => request.destroy(new Error("no answer in time")), timeout);
    const end = (status, answer) => { clearTimeout(late); resolve({ status, text: answer }); };
    request.on("error", (fault) => end(0, fault.message));
    request.on("response", (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => end(answer.statusCode, Buffer.concat(parts).toString()));
      answer.on("error", (fault) => end(0, fault.message));
    });
    request.end(text);
  });
}

/** @param {(i: number) => string} path of the i-th question */
export async function openLoop({ port, rate, seconds, path, good = (answer) => answer.status === 200 }) {
  const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 1024 });
  const asked = [];
  const begin = performance.now();
  for (let i = 0; i < rate * seconds;) {
    for (; i < rate * seconds && performance.now() - begin >= i * 1000 / rate; i++) {
      const due = begin + i * 1000 / rate;
      asked.push(ask(agent, port, path(i)).then((answer) => ({ ms: performance.now() - due, good: good(answer) })));
    }
    await sleep(1);
  }
  const all = await Promise.all(asked);
  agent.destroy();
  return { ...summary(all.map((one) => one.ms)), errors: all.filter((one) => !one.good).length, count: all.length };
}

/** So many at a time, each worker asking its next question when the last was answered, until `count` were good or `seconds` are over. */
export async function closedLoop({ port, workers, count, seconds, request, good }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: workers });
  const times = [];
  let errors = 0;
  let next = 0;
  const begin = performance.now();
  await Promise.all(Array.from({ length: workers }, async () => {
    while (times.length < count && performance.now() - begin < seconds * 1000) {
      const sent = performance.now();
      const answer = await ask(agent, port, ...request(next++));
      if (good(answer)) times.push(performance.now() - sent);
      else errors++;
    }
  }));
  const elapsed = (performance.now() - begin) / 1000;
  agent.destroy();
  return { ...summary(times), errors, count: times.length, perSecond: times.length / elapsed };
}

export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), worst: sorted.at(-1) };
}

/** Nearest rank, of all samples. */
export function percentile(sorted, share) {
  return sorted.length === 0 ? NaN : sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const median = (values) => percentile(values.toSorted((a, b) => a - b), 0.5);

let names = 0;
const run = Math.floor(Math.random() * 36 ** 4).toString(36);

/** A legal name that nobody asked for before. */
export const newName = () => `b${run}-${(names++).toString(36)}`;

// On a connection of its own: a kept one may be closed by the server just as it is used again.
export const askOnce = (...question) => ask(false, ...question);
export const check = () => `/api/check/${newName()}`;
export const deploy = () => ["/api/deploy", { method: "POST", body: { name: newName() } }];

export function hasEnded(answer) {
  if (answer.status !== 200) throw new Error(`status: ${answer.status} ${answer.text}`);
  return ["completed", "failed"].includes(JSON.parse(answer.text).status);
}

/** 50 checks a second, and eight deployments, each followed by the next when it has ended. */
export function backgroundLoad({ port }) {
  let isOver = false;
  const checks = (async () => {
    while (!isOver) await openLoop({ port, rate: 50, seconds: 1, path: check });
  })();
  const deploying = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const answer = await askOnce(port, ...deploy());
      if (answer.status !== 202) throw new Error(`deploy: ${answer.status} ${answer.text}`);
      const { statusEndpoint } = JSON.parse(answer.text);
      while (!isOver && !hasEnded(await askOnce(port, statusEndpoint, { headers: { accept: "application/json" } }))) await sleep(500);
    }
  });
  const all = Promise.all([checks, ...deploying]);
  all.catch(() => {}); // reported by stop
  return { stop: () => { isOver = true; return all; } };
}
