// The measurements. Each opens a stage of its own, so that none meets what another has left, and returns rows of the table.
import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Circuit } from "./circuit.mjs";
import { messagesOfOpenForm } from "./form.mjs";
import { ask, closedLoop, median, newName, openLoop, summary } from "./load.mjs";
import { answers, launchPeer, launchPortal, openStage, Program } from "./stage.mjs";
import { Watchers } from "./watchers.mjs";

const round = (value, digits = 0) => Number.isFinite(value) ? value.toFixed(digits) : "–";
const ratioOf = (portal, peer) => Number.isFinite(portal / peer) ? (portal / peer).toFixed(2) : "–";
const isAnswered = (answer) => answer.status === 200 && answer.text.includes("\"available\":true");
const check = () => `/api/check/${newName()}`;
const deploy = () => ["/api/deploy", { method: "POST", body: { name: newName() } }];

async function onStage(options, work) {
  const stage = await openStage(options);
  try {
    return await work(stage);
  } finally {
    await stage.close();
  }
}

/** The same against portal and peer, one after the other. */
async function onBoth(stage, work) {
  return { portal: await work(stage.portal), peer: await work(stage.peer) };
}

function checkAt(rate) {
  return (quick) => onStage({ quick }, async (stage) => {
    const { portal, peer } = await onBoth(stage, async (side) => {
      if (!quick) await openLoop({ port: side.port, rate: 10, seconds: 2, path: check });
      const before = await stage.upstreamCalls();
      const result = await openLoop({ port: side.port, rate, seconds: quick ? 0.4 : 20, path: check, good: isAnswered });
      return { ...result, calls: await stage.upstreamCalls() - before };
    });
    return [{
      what: `\`GET /api/check\`, each another name, ${rate}/s`, portal: asked(portal), target: "p95 ≤ 50 ms at 500/s; calls do not grow with askers",
      peer: asked(peer), ratio: ratioOf(portal.p95, peer.p95),
    }];
  });
}

const asked = (r) => `${timesOf(r)}, ${r.errors} of ${r.count} failed, ${r.calls} calls to Dokploy`;
const timesOf = (r) => `p50 ${round(r.p50, 1)} ms, p95 ${round(r.p95, 1)} ms`;

function crowd(quick) {
  return onStage({ quick }, async (stage) => {
    const connections = quick ? 20 : 200;
    const { portal, peer } = await onBoth(stage, async (side) => {
      const before = await stage.upstreamCalls();
      const others = new Program("crowd", process.execPath, [path.join(import.meta.dirname, "crowd.mjs"), side.port, connections], {}, stage.folder);
      try {
        await sleep(quick ? 300 : 2000);
        const result = await openLoop({ port: side.port, rate: 50, seconds: quick ? 1 : 20, path: check, good: isAnswered });
        return { ...result, calls: await stage.upstreamCalls() - before };
      } finally {
        await others.stop();
      }
    });
    return [{
      what: `the same at 50/s while another client holds ${connections} connections on checks`, portal: asked(portal), target: "p95 ≤ 50 ms",
      peer: asked(peer), ratio: ratioOf(portal.p95, peer.p95),
    }];
  });
}

function deployments(quick) {
  return onStage({ quick }, async (stage) => {
    const count = quick ? 16 : 400;
    const { portal, peer } = await onBoth(stage, (side) => closedLoop({
      port: side.port, workers: 8, count, seconds: 60, request: deploy, good: (answer) => answer.status === 202,
    }));
    await sleep(quick ? 3000 : 60_000);
    const order = inOrder(await listOf(stage.portal));
    const cell = (r) => `${round(r.perSecond)}/s, ${timesOf(r)}, ${r.errors} failed`;
    return [{
      what: `\`POST /api/deploy\`, 8 at a time, ${count} accepted`, portal: cell(portal), target: "≥ 200/s, p95 ≤ 100 ms",
      peer: cell(peer), ratio: ratioOf(portal.p95, peer.p95),
    }, {
      what: "begun in order of acceptance", portal: `${order.late} of ${order.begun} begun out of order`, target: "0", peer: "all begin at once", ratio: "–",
    }];
  });
}

async function listOf(portal) {
  const items = [];
  for (let next = "/api/deployments?take=100"; next;) {
    const page = JSON.parse((await ask(undefined, portal.port, next)).text);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

/** How many began although one that was accepted before them had not. */
function inOrder(items) {
  const accepted = items.map((d) => ({ at: Date.parse(d.createdAt), began: d.startedAt ? Date.parse(d.startedAt) : Infinity }));
  const begun = accepted.filter((d) => d.began < Infinity);
  return { begun: begun.length, late: begun.filter((d) => accepted.some((e) => e.at < d.at && e.began > d.began)).length };
}

/** A deployment and its watchers, who have some seconds to come before it moves. */
async function watch(stage, side, count, patience) {
  await stage.delay("project.create", patience);
  const answer = await ask(undefined, side.port, ...deploy());
  const watchers = new Watchers(side.port, JSON.parse(answer.text).deploymentId);
  await watchers.open(count);
  return watchers;
}

function events(busy) {
  const options = { bootTime: 1, settings: busy ? { MAX_PARALLEL_DEPLOYMENTS: "16" } : {} };
  return (quick) => onStage({ ...options, quick }, async (stage) => {
    const count = quick ? 20 : 500;
    const { portal, peer } = await onBoth(stage, async (side) => {
      const load = busy ? backgroundLoad(side) : null;
      const spreads = [];
      let missed = 0;
      try {
        for (let i = 0; i < (quick ? 1 : 5); i++) {
          const watchers = await watch(stage, side, count, quick ? 1 : 5);
          await watchers.ended();
          const seen = watchers.spreads();
          spreads.push(...seen.spreads);
          missed += seen.missed;
        }
      } finally {
        await load?.stop();
      }
      return { ...summary(spreads), events: spreads.length, missed };
    });
    const cell = (r) => `${timesOf(r)}, worst ${round(r.worst, 1)} ms, ${r.events} events, ${r.missed} watchers missed one`;
    return [{
      what: `an event at the last of ${count} SSE watchers after the first, ${busy ? "busy (50 checks/s, 8 deploying)" : "quiet"}`, portal: cell(portal),
      target: busy ? "p95 ≤ 60 ms" : "p95 ≤ 20 ms", peer: cell(peer), ratio: ratioOf(portal.p95, peer.p95),
    }];
  });
}

/** 50 checks a second, and eight deployments, each followed by the next when it has ended. */
function backgroundLoad({ port }) {
  let isOver = false;
  const agent = new http.Agent({ keepAlive: true });
  const checks = (async () => {
    while (!isOver) await openLoop({ port, rate: 50, seconds: 1, path: check });
  })();
  const deploying = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const answer = await ask(agent, port, ...deploy());
      if (answer.status !== 202) throw new Error(`deploy: ${answer.status} ${answer.text}`);
      const { statusEndpoint } = JSON.parse(answer.text);
      while (!isOver && !hasEnded(await ask(agent, port, statusEndpoint, { headers: { accept: "application/json" } }))) await sleep(500);
    }
  });
  const all = Promise.all([checks, ...deploying]);
  all.catch(() => {}); // reported by stop
  return { stop: () => { isOver = true; return all.finally(() => agent.destroy()); } };
}

const hasEnded = (answer) => ["completed", "failed"].includes(JSON.parse(answer.text).status);

function memory(quick) {
  // The stack does not boot while we watch, so the deployment goes on.
  return onStage({ quick, bootTime: 3600, settings: { READY_TIMEOUT: "600" } }, async (stage) => {
    const [watching, circuitCount, settle] = quick ? [20, 4, 1] : [500, 200, 20];
    const memoryOf = async (side) => { await sleep(settle * 1000); return side.program.privateMemory(); };
    const { portal, peer } = await onBoth(stage, async (side) => {
      const idle = await memoryOf(side);
      const watchers = await watch(stage, side, watching, 1);
      const watched = await memoryOf(side);
      const circuits = [];
      for (let i = 0; side === stage.portal && i < circuitCount; i++) {
        circuits.push(await Circuit.open(`http://127.0.0.1:${side.port}`, i % 2 ? `/deployments/${watchers.deploymentId}` : "/"));
      }
      const full = circuits.length > 0 ? await memoryOf(side) : NaN;
      const closed = circuits.filter((circuit) => circuit.isClosed).length;
      circuits.forEach((circuit) => circuit.close());
      watchers.close();
      if (closed > 0) throw new Error(`${closed} circuits were closed by the portal`);
      return { idle, watched, full };
    });
    const row = (what, member, target, other = peer[member]) =>
      ({ what, portal: `${round(portal[member])} MB`, target, peer: other ? `${round(other)} MB` : "–", ratio: ratioOf(portal[member], other) });
    return [
      row("private memory (RssAnon), idle", "idle", "–"),
      row(`… with ${watching} SSE watchers`, "watched", "–"),
      row(`… with ${watching} SSE watchers and ${circuitCount} circuits`, "full", "≤ 130 MB", null),
    ];
  });
}

function start(quick) {
  return onStage({ quick }, async (stage) => {
    const runs = quick ? 1 : 5;
    const timeOf = async (launch, where) => {
      const times = [];
      for (let i = 0; i < runs; i++) {
        const begin = performance.now();
        const side = await launch(stage);
        await answers(side, where);
        times.push(performance.now() - begin);
        await side.program.stop();
      }
      return median(times);
    };
    // The stage's own portal has made the data folder and must be gone: one portal to one folder.
    await stage.portal.program.stop();
    const portal = await timeOf(launchPortal, "/");
    const peer = await timeOf(launchPeer, "/health");
    return [{
      what: `process start → first page (peer: first \`/health\`), median of ${runs}`, portal: `${round(portal)} ms`, target: "≤ 900 ms", peer: `${round(peer)} ms`, ratio: ratioOf(portal, peer),
    }];
  });
}

function idle(quick) {
  return onStage({ quick }, async (stage) => {
    const [settle, seconds] = quick ? [1, 3] : [30, 60];
    await sleep(settle * 1000);
    const sides = [stage.portal, stage.peer];
    const before = sides.map((side) => side.program.processorTime());
    const begin = performance.now();
    await sleep(seconds * 1000);
    const elapsed = (performance.now() - begin) / 1000;
    const [portal, peer] = sides.map((side, i) => (side.program.processorTime() - before[i]) / elapsed * 100);
    return [{
      what: `processor time while nobody is there, ${seconds} s`, portal: `${round(portal, 2)} % of a core`, target: "≤ 0.3 %",
      peer: `${round(peer, 2)} %`, ratio: ratioOf(portal, peer),
    }];
  });
}

function form(quick) {
  return onStage({ quick }, async (stage) => {
    const seconds = quick ? 4 : 30;
    const counted = await messagesOfOpenForm(`http://127.0.0.1:${stage.portal.port}/`, seconds, quick ? 1 : 5);
    const per10 = (count) => round(count * 10 / seconds, 1);
    return [{
      what: "messages in 10 s over the circuit of a form left open with a free name",
      portal: counted ? `${per10(counted.sent)} sent, ${per10(counted.received)} received` : "no chromium here", target: "0 each way", peer: "has no form", ratio: "–",
    }];
  });
}

function submit(quick) {
  return onStage({ quick, bootTime: 1 }, async (stage) => {
    const pairs = [];
    if (!quick) await onBoth(stage, (side) => through(stage, side));
    for (let i = 0; i < (quick ? 1 : 8); i++) {
      // In turns, so that a noisy minute of the machine meets all three.
      pairs.push({ bare: await byHand(stage), portal: await through(stage, stage.portal), peer: await through(stage, stage.peer) });
    }
    const bare = median(pairs.map((p) => p.bare));
    const ratio = (side) => median(pairs.map((p) => p[side] / p.bare));
    const cell = (side) => `${ratio(side).toFixed(2)} × bare (${round(median(pairs.map((p) => p[side])))} ms)`;
    return [{
      what: `submit → container runs ÷ bare calls (${round(bare)} ms), median of ${pairs.length} in turns`, portal: cell("portal"), target: "≤ 1.05",
      peer: cell("peer"), ratio: ratioOf(ratio("portal"), ratio("peer")),
    }];
  });
}

async function through(stage, side) {
  const name = newName();
  const begin = Date.now();
  const answer = await ask(undefined, side.port, "/api/deploy", { method: "POST", body: { name } });
  if (answer.status !== 202) throw new Error(`deploy: ${answer.status} ${answer.text}`);
  const { statusEndpoint } = JSON.parse(answer.text);
  while (!hasEnded(await ask(undefined, side.port, statusEndpoint, { headers: { accept: "application/json" } }))) await sleep(250);
  return await stage.dokploy.runningSince(name) - begin;
}

/** The calls that any way to a stack needs, one after the other, and nothing else. */
async function byHand({ dokploy }) {
  const name = newName();
  const begin = Date.now();
  await dokploy.get("project.search", { name: `ai-stack-${name}`, limit: 100 });
  const { environment } = await dokploy.createProject(name);
  const { applicationId } = await dokploy.createApplication(name, environment.environmentId);
  await dokploy.configure(applicationId, "registry.test/opencode-stack:1.18", { OPENCODE_SERVER_PASSWORD: "by-hand" });
  await dokploy.mountVolume(applicationId, `${name}-workspace`, "/workspace");
  await dokploy.mountVolume(applicationId, `${name}-state`, "/state");
  await dokploy.createDomain(applicationId, `${name}.ai.localhost`, 8080);
  await dokploy.deploy(applicationId, name);
  for (;; await sleep(250)) {
    const since = await dokploy.runningSince(name);
    if (since) return since - begin;
  }
}

export const measurements = {
  "check-20": checkAt(20), "check-30": checkAt(30), "check-50": checkAt(50), "check-200": checkAt(200), "check-500": checkAt(500), crowd, deploy: deployments,
  events: events(false), "events-busy": events(true), memory, start, idle, form, submit,
};
