// The measurements. Each opens a testbed of its own, so that none meets what another has left, and returns rows of the table.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Circuit } from "./circuit.mjs";
import { messagesOfOpenForm } from "./form.mjs";
import { askOnce, backgroundLoad, check, closedLoop, deploy, hasEnded, median, newName, openLoop, summary, timeout } from "./load.mjs";
import { answers, image, Program, Testbed } from "./testbed.mjs";
import { Watchers } from "./watchers.mjs";

// The portal's default.
const parallel = 4;

const round = (value, digits = 0) => Number.isFinite(value) ? value.toFixed(digits) : "–";
// None where one of the two was not waited for to its end.
const ratioOf = (portal, peer) => Number.isFinite(portal / peer) && Math.max(portal, peer) < timeout ? (portal / peer).toFixed(2) : "–";
const isAnswered = (answer) => answer.status === 200 && answer.text.includes("\"available\":true");

async function onTestbed(options, work) {
  const testbed = await Testbed.open(options);
  try {
    return await work(testbed);
  } finally {
    await testbed.close();
  }
}

/** The same against portal and peer, one after the other. */
async function onBoth(testbed, work) {
  return { portal: await work(testbed.portal), peer: await work(testbed.peer) };
}

function checkAt(rate) {
  return (quick) => onTestbed({ quick }, async (testbed) => {
    const { portal, peer } = await onBoth(testbed, async (server) => {
      if (!quick) await openLoop({ port: server.port, rate: 10, seconds: 2, path: check });
      const before = await testbed.upstreamCalls();
      const result = await openLoop({ port: server.port, rate, seconds: quick ? 0.4 : 20, path: check, good: isAnswered });
      return { ...result, calls: await testbed.upstreamCalls() - before };
    });
    return [{
      what: `\`GET /api/check\`, each another name, ${rate}/s`, portal: checkCell(portal), target: "p95 ≤ 50 ms at 500/s; calls do not grow with askers",
      peer: checkCell(peer), ratio: ratioOf(portal.p95, peer.p95),
    }];
  });
}

const checkCell = (r) => `${timesOf(r)}, ${r.errors} of ${r.count} failed, ${r.calls} calls to Dokploy`;
const timesOf = (r) => `p50 ${timeOf(r.p50)}, p95 ${timeOf(r.p95)}`;
const timeOf = (ms) => ms >= timeout ? "over 30 s" : `${round(ms, 1)} ms`;

function crowd(quick) {
  return onTestbed({ quick }, async (testbed) => {
    const connections = quick ? 20 : 200;
    const { portal, peer } = await onBoth(testbed, async (server) => {
      const before = await testbed.upstreamCalls();
      const others = new Program("crowd", process.execPath, [path.join(import.meta.dirname, "crowd.mjs"), server.port, connections], {}, testbed.folder);
      try {
        await sleep(quick ? 300 : 2000);
        const result = await openLoop({ port: server.port, rate: 50, seconds: quick ? 1 : 20, path: check, good: isAnswered });
        return { ...result, calls: await testbed.upstreamCalls() - before };
      } finally {
        await others.stop();
      }
    });
    return [{
      what: `the same at 50/s while another client holds ${connections} connections on checks`, portal: checkCell(portal), target: "p95 ≤ 50 ms",
      peer: checkCell(peer), ratio: ratioOf(portal.p95, peer.p95),
    }];
  });
}

function deployments(quick) {
  return onTestbed({ quick }, async (testbed) => {
    const count = quick ? 16 : 400;
    const { portal, peer } = await onBoth(testbed, (server) => closedLoop({
      port: server.port, workers: 8, count, seconds: 60, request: deploy, good: (answer) => answer.status === 202,
    }));
    await sleep(quick ? 3000 : 60_000);
    const order = inOrder(await listOf(testbed.portal));
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
    const page = JSON.parse((await askOnce(portal.port, next)).text);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

/**
 * How many began although one that was accepted before them had not. The first, which find the portal empty, begin at once and in threads
 * of their own: which of them notes its beginning first says nothing.
 */
function inOrder(items) {
  const accepted = items.map((d) => ({ at: Date.parse(d.createdAt), began: d.startedAt ? Date.parse(d.startedAt) : Infinity }));
  const begun = accepted.filter((d) => d.began < Infinity).sort((a, b) => a.began - b.began);
  const atOnce = begun.slice(0, parallel);
  const overtook = (d, e) => e.at < d.at && e.began > d.began && !(atOnce.includes(d) && atOnce.includes(e));
  return { begun: begun.length, late: begun.filter((d) => accepted.some((e) => overtook(d, e))).length };
}

/** Begins a deployment and lets so many watch it; they have come before it moves when project.create is delayed. */
async function watch(server, count) {
  const answer = await askOnce(server.port, ...deploy());
  const watchers = new Watchers(server.port, JSON.parse(answer.text).deploymentId);
  await watchers.open(count);
  return watchers;
}

function events(busy) {
  const options = { bootTime: 1, settings: busy ? { MAX_PARALLEL_DEPLOYMENTS: "16" } : {} };
  return (quick) => onTestbed({ ...options, quick }, async (testbed) => {
    const count = quick ? 20 : 500;
    await testbed.delay("project.create", quick ? 1 : 5);
    const { portal, peer } = await onBoth(testbed, async (server) => {
      const load = busy ? backgroundLoad(server) : null;
      const spreads = [];
      let missed = 0;
      try {
        for (let i = 0; i < (quick ? 1 : 5); i++) {
          const watchers = await watch(server, count);
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

function memory(quick) {
  // The stack does not boot while we watch, so the deployment goes on.
  return onTestbed({ quick, bootTime: 3600, settings: { READY_TIMEOUT: "600" } }, async (testbed) => {
    const [watching, circuitCount, settle] = quick ? [20, 4, 1] : [500, 200, 20];
    const memoryOf = async (server) => { await sleep(settle * 1000); return server.program.privateMemory(); };
    const { portal, peer } = await onBoth(testbed, async (server) => {
      const idle = await memoryOf(server);
      const watchers = await watch(server, watching);
      const watched = await memoryOf(server);
      const circuits = [];
      for (let i = 0; server === testbed.portal && i < circuitCount; i++) {
        circuits.push(await Circuit.open(`http://127.0.0.1:${server.port}`, i % 2 ? `/deployments/${watchers.deploymentId}` : "/"));
      }
      const full = circuits.length > 0 ? await memoryOf(server) : NaN;
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
  return onTestbed({ quick }, async (testbed) => {
    const runs = quick ? 1 : 5;
    const startTime = async (launch, where) => {
      const times = [];
      for (let i = 0; i < runs; i++) {
        const begin = performance.now();
        const server = await launch();
        await answers(server, where);
        times.push(performance.now() - begin);
        await server.program.stop();
      }
      return median(times);
    };
    // The testbed's own portal has made the data folder and must be stopped: one portal to one folder.
    await testbed.portal.program.stop();
    const portal = await startTime(() => testbed.launchPortal(), "/");
    const peer = await startTime(() => testbed.launchPeer(), "/health");
    return [{
      what: `process start → first page (peer: first \`/health\`), median of ${runs}`, portal: `${round(portal)} ms`, target: "≤ 900 ms", peer: `${round(peer)} ms`, ratio: ratioOf(portal, peer),
    }];
  });
}

function idle(quick) {
  return onTestbed({ quick }, async (testbed) => {
    const [settle, seconds] = quick ? [1, 3] : [30, 60];
    await sleep(settle * 1000);
    const servers = [testbed.portal, testbed.peer];
    const before = servers.map((server) => server.program.processorTime());
    const begin = performance.now();
    await sleep(seconds * 1000);
    const elapsed = (performance.now() - begin) / 1000;
    const [portal, peer] = servers.map((server, i) => (server.program.processorTime() - before[i]) / elapsed * 100);
    return [{
      what: `processor time while nobody is there, ${seconds} s`, portal: `${round(portal, 2)} % of a core`, target: "≤ 0.3 %",
      peer: `${round(peer, 2)} %`, ratio: ratioOf(portal, peer),
    }];
  });
}

function form(quick) {
  return onTestbed({ quick }, async (testbed) => {
    const seconds = quick ? 4 : 30;
    const counted = await messagesOfOpenForm(`http://127.0.0.1:${testbed.portal.port}/`, seconds, quick ? 1 : 5);
    const per10 = (count) => round(count * 10 / seconds, 1);
    return [{
      what: "messages in 10 s over the circuit of a form left open with a free name",
      portal: counted ? `${per10(counted.sent)} sent, ${per10(counted.received)} received` : "no chromium here", target: "0 each way", peer: "has no form", ratio: "–",
    }];
  });
}

function submit(quick) {
  return onTestbed({ quick, bootTime: 1 }, async (testbed) => {
    const pairs = [];
    if (!quick) await onBoth(testbed, (server) => through(testbed, server));
    for (let i = 0; i < (quick ? 1 : 8); i++) {
      // In turns, so that a noisy minute of the machine meets all three.
      pairs.push({ bare: await byHand(testbed), portal: await through(testbed, testbed.portal), peer: await through(testbed, testbed.peer) });
    }
    const bare = median(pairs.map((p) => p.bare));
    const ratio = (server) => median(pairs.map((p) => p[server] / p.bare));
    const cell = (server) => `${ratio(server).toFixed(2)} × bare (${round(median(pairs.map((p) => p[server])))} ms)`;
    return [{
      what: `submit → container runs ÷ bare calls (${round(bare)} ms), median of ${pairs.length} in turns`, portal: cell("portal"), target: "≤ 1.05",
      peer: cell("peer"), ratio: ratioOf(ratio("portal"), ratio("peer")),
    }];
  });
}

async function through(testbed, server) {
  const name = newName();
  const begin = Date.now();
  const answer = await askOnce(server.port, "/api/deploy", { method: "POST", body: { name } });
  if (answer.status !== 202) throw new Error(`deploy: ${answer.status} ${answer.text}`);
  const { statusEndpoint } = JSON.parse(answer.text);
  while (!hasEnded(await askOnce(server.port, statusEndpoint, { headers: { accept: "application/json" } }))) await sleep(250);
  return await testbed.dokploy.runningSince(name) - begin;
}

/** The calls that any way to a stack needs, one after the other, and nothing else. */
async function byHand({ dokploy }) {
  const name = newName();
  const begin = Date.now();
  await dokploy.get("project.search", { name: `ai-stack-${name}`, limit: 100 });
  const { environment } = await dokploy.createProject(name);
  const { applicationId } = await dokploy.createApplication(name, environment.environmentId);
  await dokploy.configure(applicationId, image, { OPENCODE_SERVER_PASSWORD: "by-hand" });
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
  "events-quiet": events(false), "events-busy": events(true), memory, start, idle, form, submit,
};
