// Starts and stops what is measured: the emulator, the published portal in production-like settings, and the peer. All on 127.0.0.1.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dokploy } from "./dokploy.mjs";

const app = process.env.BENCH_APP;
const here = import.meta.dirname;
const key = "emulator-owner-key";
export const image = "registry.test/opencode-stack:1.18";
const running = new Set();
const folders = new Set();
let isClosing = false;

/** A program that is stopped by its process id, whatever happens to the measurement. */
export class Program {
  constructor(name, command, args, environment, folder) {
    if (isClosing) throw new Error("the measurements are being stopped");
    this.log = path.join(folder, `${name}.log`);
    const output = fs.openSync(this.log, "a");
    // Only what it is given: a developer's environment must not reach it.
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DOTNET_ROOT: process.env.DOTNET_ROOT, ...environment };
    this.child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", output, output] });
    fs.closeSync(output);
    this.ended = once(this.child, "exit").then(() => running.delete(this), () => running.delete(this));
    running.add(this);
  }

  get pid() {
    return this.child.pid;
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Until its log has this line; what the parentheses caught. */
  async said(pattern) {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) {
      const found = pattern.exec(fs.readFileSync(this.log, "utf8"));
      if (found) return found.slice(1);
      if (this.hasEnded) break;
    }
    throw new Error(`${this.log} never had ${pattern}:\n${fs.readFileSync(this.log, "utf8").slice(-2000)}`);
  }

  async stop() {
    if (!this.hasEnded) this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    await this.ended;
    clearTimeout(late);
  }

  /** Private memory that is not mapped from a file, in MB. */
  privateMemory() {
    return Number(/RssAnon:\s+(\d+)/.exec(fs.readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]) / 1024;
  }

  /** Processor time so far, in seconds. */
  processorTime() {
    const fields = fs.readFileSync(`/proc/${this.pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100; // clock ticks are 1/100 s on every Linux of today
  }
}

/** Stops all programs that still run and removes their folders. */
export async function clear() {
  isClosing = true;
  await Promise.all([...running].map((program) => program.stop()));
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

async function freePort() {
  const listener = net.createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}

/** An emulated Dokploy with some projects in it, and a portal and a peer that use it. */
export class Testbed {
  constructor({ bootTime = 5, settings = {} }) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
    folders.add(this.folder);
    this.settings = settings;
    this.emulator = new Program("emulator", path.join(app, "AiStackDeployer.DokployEmulator"), [
      "--api-port", "0", "--stacks-port", "0", "--api-key", key,
      // As a real Dokploy was recorded: how long jobs and containers take, and how long each call does.
      "--pace", "1", "--latency", "--boot-time", String(bootTime),
    ], {}, this.folder);
  }

  /** @param {{ quick: boolean, bootTime?: number, settings?: Record<string, string> }} options `settings`: of the portal */
  static async open(options) {
    const testbed = new Testbed(options);
    try {
      await testbed.#fill(options.quick ? 20 : 200);
      return testbed;
    } catch (fault) {
      await testbed.close();
      throw fault;
    }
  }

  async #fill(projects) {
    const [api, stacks] = await this.emulator.said(/^emulator api (\S+) stacks (\S+)$/m);
    this.api = api;
    this.stacks = new URL(stacks);
    this.dokploy = new Dokploy(api, key);
    for (let i = 0; i < projects; i += 20) {
      await Promise.all(Array.from({ length: Math.min(20, projects - i) }, (_, n) => this.dokploy.createProject(`other-${i + n}`)));
    }
    this.portal = await this.launchPortal();
    this.peer = await this.launchPeer();
    await answers(this.portal, "/health/ready");
    await answers(this.peer, "/health");
  }

  async launchPortal() {
    const port = await freePort();
    const program = new Program("portal", path.join(app, "AiStackDeployer.Web"), [], {
      ...this.#common(port), ASPNETCORE_ENVIRONMENT: "Production", ASPNETCORE_HTTP_PORTS: "", HOST: "127.0.0.1", AUTH: "none", PUBLIC_URL: "http://localhost",
      METRICS_PORT: String(await freePort()), DATA_DIR: path.join(this.folder, "data"), SECRETS_DIR: path.join(this.folder, "none"), ...this.settings,
    }, this.folder);
    return { name: "portal", program, port };
  }

  async launchPeer() {
    const port = await freePort();
    const program = new Program("peer", process.execPath, [path.join(here, "peer.mjs")], { ...this.#common(port), NODE_ENV: "production" }, this.folder);
    return { name: "peer", program, port };
  }

  #common(port) {
    return {
      PORT: String(port), DOKPLOY_URL: this.api, DOKPLOY_API_TOKEN: key, STACK_IMAGE: image,
      STACK_DOMAIN_SUFFIX: "ai.localhost", STACK_SCHEME: "http", STACK_PUBLIC_PORT: this.stacks.port, TRAEFIK_IP: this.stacks.host,
      // One machine stands for hundreds of people.
      LIMIT_FACTOR: "none", STACKS_PER_PERSON: "none",
    };
  }

  /** How many calls Dokploy has had. */
  async upstreamCalls() {
    const { callCounts } = await (await fetch(`${this.api}/emulator/world`)).json();
    return Object.values(callCounts).reduce((sum, count) => sum + count, 0);
  }

  /** From now on each call of this kind takes so much longer. */
  async delay(call, seconds) {
    const answer = await fetch(`${this.api}/emulator/faults`, { method: "POST", body: JSON.stringify({ call, kind: "delay", seconds }) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  async close() {
    await Promise.all([this.portal, this.peer].map((server) => server?.program.stop()));
    await this.emulator.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
    folders.delete(this.folder);
  }
}

/** Until a GET is answered 200. */
export async function answers(server, where) {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(5)) {
    if (server.program.hasEnded) break;
    if (await statusOf(server.port, where) === 200) return;
  }
  throw new Error(`The ${server.name} never answered ${where}:\n${fs.readFileSync(server.program.log, "utf8").slice(-2000)}`);
}

function statusOf(port, where) {
  return new Promise((resolve) => {
    http.get({ host: "127.0.0.1", port, path: where, agent: false, timeout: 5000 }, (answer) => answer.resume().on("end", () => resolve(answer.statusCode)))
      .on("timeout", function () { this.destroy(); }).on("error", () => resolve(0));
  });
}
