// Runs the measurements that are named (all without a name) and prints the table. Started by run.sh.
import { execFileSync } from "node:child_process";
import os from "node:os";
import { measurements } from "./rows.mjs";
import { clear } from "./testbed.mjs";

const args = process.argv.slice(2);
const quick = args.includes("--quick");
const asked = args.filter((arg) => !arg.startsWith("--"));
const matches = (name, part) => name === part || name.startsWith(`${part}-`);
const unknown = asked.filter((part) => !Object.keys(measurements).some((name) => matches(name, part)));
if (unknown.length > 0 || args.some((arg) => arg.startsWith("--") && arg !== "--quick")) {
  console.error(`bench/run.sh [--quick] [NAME...], with names of: ${Object.keys(measurements).join(" ")}`);
  process.exit(2);
}

for (const end of ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtException"]) {
  process.on(end, (why) => {
    console.error(why);
    clear().finally(() => process.exit(1));
  });
}

const wanted = Object.entries(measurements).filter(([name]) => asked.length === 0 || asked.some((one) => matches(name, one)));
const found = new Map();
let failed = 0;

async function run(name, measure) {
  const begin = performance.now();
  try {
    found.set(name, await measure(quick));
    console.error(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  } catch (fault) {
    failed++;
    console.error(`${name} failed: ${fault.stack}`);
    found.set(name, [{ what: name, portal: "could not be measured", target: "", peer: "", ratio: "" }]);
  }
}

// One after the other; in a trial run, whose figures mean nothing, some at the same time.
const waiting = [...wanted];
await Promise.all(Array.from({ length: quick ? 4 : 1 }, async () => {
  for (let next; (next = waiting.shift());) await run(...next);
}));
await clear();

const memory = Math.round(os.totalmem() / 1024 ** 3);
console.log(`Measured on ${new Date().toISOString().slice(0, 10)} at ${revision()}${quick ? " with `--quick`: a trial run, no figures to quote" : ""}.`);
console.log(`Machine: ${os.cpus().length} × ${os.cpus()[0].model}, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.versions.node}, .NET SDK ${process.env.BENCH_DOTNET}; load before: ${process.env.BENCH_LOAD}.\n`);
console.log("| what | measured | target | peer | portal ÷ peer |\n|---|---|---|---|---|");
for (const { what, portal, target, peer, ratio } of wanted.flatMap(([name]) => found.get(name))) console.log(`| ${[what, portal, target, peer, ratio].join(" | ")} |`);
process.exit(failed > 0 ? 1 : 0);

function revision() {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  } catch {
    return "an unknown revision";
  }
}
