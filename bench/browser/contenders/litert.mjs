// LiteRT.js on its WebAssembly (XNNPACK) backend; models/tflite_graphs.py writes the files.
import { Tensor, loadAndCompile, loadLiteRt } from '@litertjs/core';
import { classic } from '../classic.mjs';
import { top10 } from './top10.mjs';

const { hidden, layers } = classic;

export async function open(files, { precision }) {
  await loadLiteRt(files.asset('@litertjs/core/wasm/'), { threads: false });
  const opened = new Map();
  const graph = (name) => {
    const file = `${name}.${precision}.tflite`;
    if (!opened.has(name)) {
      const options = { accelerator: 'wasm', cpuOptions: { numThreads: 1 } };
      opened.set(
        name,
        files.bytes(file).then((bytes) => loadAndCompile(bytes, options)),
      );
    }
    return opened.get(name);
  };

  const emptyState = () => Array.from({ length: 2 * layers }, () => new Tensor(new Float32Array(hidden), [1, hidden]));
  /** Runs with an item and the carried state; hands over the outputs before the state, if there are any. */
  const carrying = async (name, use) => {
    const running = await graph(name);
    let state = emptyState();
    return async (item) => {
      const itemTensor = new Tensor(Int32Array.of(item), [1]);
      const outputs = await running.run([itemTensor, ...state]);
      for (const old of [itemTensor, ...state]) old.delete();
      state = outputs.slice(-2 * layers);
      return use(outputs.slice(0, -2 * layers));
    };
  };
  const consumed = (tensor, use) => {
    const result = use(tensor.toTypedArray());
    tensor.delete();
    return result;
  };
  const window = async (use) => {
    const running = await graph('window');
    return async (history) => {
      const itemTensor = new Tensor(history, [history.length]);
      const [logits] = await running.run([itemTensor]);
      itemTensor.delete();
      return consumed(logits, use);
    };
  };

  await graph('top10');
  return {
    modelFiles: [`top10.${precision}.tflite`],
    logits: async (history) => (await window((logits) => logits.slice()))(history),
    rows: {
      eventTop10: () => carrying('top10', ([logits]) => consumed(logits, top10)),
      event: () => carrying('no_head', () => undefined),
      replay: () => window(top10),
      headStep1: 'LiteRT.js does not train',
      headStep16: 'LiteRT.js does not train',
    },
  };
}
