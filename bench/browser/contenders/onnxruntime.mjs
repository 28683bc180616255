// onnxruntime-web on its WebAssembly backend; models/onnx_graphs.py writes the graphs.
import * as ort from 'onnxruntime-web/wasm';
import { classic, learningRate } from '../classic.mjs';
import { floatWeightsFile } from '../model_files.mjs';
import { readFloatWeights } from './float_weights.mjs';

const { items, hidden, layers } = classic;
const wasm = 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';
const stateShape = [1, 1, hidden];

export async function open(files, { precision }) {
  ort.env.wasm.numThreads = 1;
  if (files.assetBytes) ort.env.wasm.wasmBinary = await files.assetBytes(wasm);
  else ort.env.wasm.wasmPaths = { wasm: files.asset(wasm) };
  const opened = new Map();
  const session = (name) => {
    if (!opened.has(name)) {
      const options = { executionProviders: ['wasm'], graphOptimizationLevel: 'all', intraOpNumThreads: 1 };
      opened.set(
        name,
        files.bytes(name).then((bytes) => ort.InferenceSession.create(bytes, options)),
      );
    }
    return opened.get(name);
  };
  const graph = (name) => session(`${name}.${precision}.onnx`);

  const emptyState = () => {
    const state = {};
    for (let layer = 0; layer < layers; ++layer) {
      for (const part of ['h', 'c']) {
        state[`lstm${layer}.${part}`] = new ort.Tensor('float32', new Float32Array(hidden), stateShape);
      }
    }
    return state;
  };
  /** A function from items to outputs; the state that comes out goes in with the next call. */
  const carrying = async (name) => {
    const running = await graph(name);
    const feeds = emptyState();
    const parts = Object.keys(feeds);
    return async (item) => {
      feeds.items = new ort.Tensor('int32', Int32Array.of(item), [1, 1]);
      const outputs = await running.run(feeds);
      for (const part of parts) feeds[part] = outputs[`${part}_out`];
      return outputs;
    };
  };
  const fromScratch = async (name) => {
    const running = await graph(name);
    const empty = emptyState();
    return (history) => running.run({ ...empty, items: new ort.Tensor('int32', history, [history.length, 1]) });
  };

  let head;
  /** The head goes in and comes out with every step: a graph keeps no weights of its own. */
  const learn = async () => {
    const running = await session('head_step.onnx');
    head ??= transposedHead(readFloatWeights(await files.bytes(floatWeightsFile)));
    return async ({ count, hidden: states, labels }) => {
      const outputs = await running.run({
        ...head,
        hidden: new ort.Tensor('float32', states, [count, hidden]),
        labels: new ort.Tensor('int32', labels, [count]),
        rate: new ort.Tensor('float32', Float32Array.of(learningRate / count), []),
      });
      head = { weight: outputs['weight.new'], bias: outputs['bias.new'] };
    };
  };
  const learnsNothing = 'quantised graphs are not trained';

  await graph('top10');
  return {
    modelFiles: [`top10.${precision}.onnx`],
    logits: async (history) => (await (await fromScratch('logits'))(history)).logits.data,
    rows: {
      eventTop10: async () => {
        const step = await carrying('top10');
        return async (item) => (await step(item))['top.items'].data;
      },
      event: () => carrying('no_head'),
      replay: async () => {
        const window = await fromScratch('window');
        return async (history) => (await window(history))['top.items'].data;
      },
      headStep1: precision === 'f32' ? learn : learnsNothing,
      headStep16: precision === 'f32' ? learn : learnsNothing,
    },
  };
}

function transposedHead(weights) {
  const transposed = new Float32Array(hidden * items);
  for (let item = 0; item < items; ++item) {
    for (let unit = 0; unit < hidden; ++unit) transposed[unit * items + item] = weights.head[item * hidden + unit];
  }
  return {
    weight: new ort.Tensor('float32', transposed, [hidden, items]),
    bias: new ort.Tensor('float32', weights['head.bias'], [items]),
  };
}
