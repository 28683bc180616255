// How long does a device take to make one report of private sync, in Chromium? The shares are made and sealed in a worker,
// as sotto/sync does: once cold, with the worker's start, and then in a warm worker. Build the package first.
import { launchChromium } from '../../tests/browser/chromium.mjs';
import { servePackage } from '../../tests/browser/package_page.mjs';
import { suite, taskConfiguration } from '../../wasm/package/tests/sync_support.mjs';

const rounds = 30;
const key = async () => {
  const { publicKey } = await suite.kem.generateKeyPair();
  return [...new Uint8Array(await suite.kem.serializePublicKey(publicKey))];
};
const order = {
  leader: await key(),
  helper: await key(),
  configuration: [
    ...taskConfiguration({
      taskInfo: Buffer.alloc(32, 1),
      leader: 'https://leader.example/',
      helper: 'https://helper.example/',
      minBatch: 2000,
    }),
  ],
};

const [server, browser] = await Promise.all([servePackage(), launchChromium()]);
const page = await browser.newPage();
await page.goto(server.address);
const times = await page.evaluate(
  async ({ order, rounds }) => {
    const module = await WebAssembly.compileStreaming(fetch('/package/sotto-sync.wasm'));
    const message = {
      module,
      plan: {
        taskId: new Uint8Array(32).fill(5),
        configuration: new Uint8Array(order.configuration),
        slots: 4096,
        chunkLength: 66,
        time: 500_000,
        slot: 7,
      },
      leader: { id: 1, publicKey: new Uint8Array(order.leader) },
      helper: { id: 2, publicKey: new Uint8Array(order.helper) },
    };
    const start = () => new Worker('/package/sync/report_worker.js', { type: 'module' });
    const make = (worker) =>
      new Promise((resolve, reject) => {
        const begin = performance.now();
        worker.onmessage = ({ data }) =>
          data.report ? resolve(performance.now() - begin) : reject(new Error(data.message));
        worker.onerror = reject;
        worker.postMessage(message);
      });
    const cold = [];
    for (let round = 0; round < rounds; ++round) {
      const worker = start();
      cold.push(await make(worker));
      worker.terminate();
    }
    const warm = [];
    const worker = start();
    await make(worker);
    for (let round = 0; round < rounds; ++round) warm.push(await make(worker));
    return { cold, warm };
  },
  { order, rounds },
);
await Promise.all([browser.close(), server.close()]);

for (const [name, values] of Object.entries(times)) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  console.log(`${name.padEnd(5)} best ${at(0)} ms, median ${at(0.5)} ms, 90 % ${at(0.9)} ms`);
}
