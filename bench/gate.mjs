// What the gate adds to OpenCode: a page, a small answer and the first byte of the event stream, asked in turn of both.
// usage: OPENCODE_SERVER_PASSWORD=… node gate.mjs <gate's address> <OpenCode's address> <OpenCode's process id> [rounds]
// Run by OpenCode's own user: its password, which the gate made, is read from its environment.
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [gate, openCode, pid, rounds = '500'] = process.argv.slice(2);
const inner = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').find(line => line.startsWith('OPENCODE_SERVER_PASSWORD=')).split('=')[1];
const targets = [['OpenCode', openCode, inner], ['gate', gate, process.env.OPENCODE_SERVER_PASSWORD]];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(address, password, path, firstByte) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const request = http.get(address + path, { agent: firstByte ? undefined : agent, auth: `opencode:${password}` }, response => {
      const done = () => resolve(performance.now() - began);
      if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
      if (firstByte) response.once('data', () => { done(); request.destroy(); });
      else response.on('end', done).resume();
    }).on('error', error => error.code === 'ECONNRESET' || reject(error));
  });
}

const at = (times, share) => times.sort((a, b) => a - b)[Math.floor(times.length * share)].toFixed(2);
for (const [what, path, firstByte] of [['page', '/', false], ['answer', '/global/health', false], ['SSE first byte', '/global/event', true]]) {
  const times = targets.map(() => []);
  for (let round = -20; round < Number(rounds); round++) {
    for (const [index, [, address, password]] of targets.entries()) {
      const time = await ask(address, password, path, firstByte);
      if (round >= 0) times[index].push(time);
    }
  }
  targets.forEach(([name], index) => console.log(`${what.padEnd(15)} ${name.padEnd(9)} p50 ${at(times[index], 0.5)} ms  p99 ${at(times[index], 0.99)} ms`));
}
process.exit();
