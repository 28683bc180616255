// Sotto's engine by its C ABI (docs/c-abi.md), loaded as the package loads it.
import { bestWasmTier } from '../../../wasm/package/dist/features.js';
import { compileModule, instantiate } from '../../../wasm/package/dist/module_loader.js';
import { classic, learningRate } from '../classic.mjs';
import { sottoModelFile } from '../model_files.mjs';

const top = 10;
const click = 1;

function openModel(module, bytes) {
  const pointer = module.sotto_alloc(bytes.byteLength);
  new Uint8Array(module.memory.buffer).set(bytes, pointer);
  const model = module.sotto_open(pointer, bytes.byteLength);
  if (model === 0) throw new Error(`sotto_open failed with code ${module.sotto_error_code()}`);
  return model;
}

export async function open(files, { wasm }) {
  if (wasm.includes('relaxed') && bestWasmTier() !== 'relaxed-simd') {
    throw new Error('its products of relaxed SIMD are wrong here, and the package does not load it');
  }
  const exports = await instantiate(await compileModule(files.sottoWasm(wasm)));
  const bytes = await files.bytes(sottoModelFile);
  const model = openModel(exports, bytes);
  const session = exports.sotto_session_new(model);
  const itemsAt = exports.sotto_alloc(8 * top);
  const historyAt = exports.sotto_alloc(4 * classic.window);
  const timesAt = exports.sotto_alloc(8 * classic.window);
  // Ten seconds from event to event.
  let now = 1_700_000_000;
  // No peer learns from an event: the rows but for the last two are the model's alone.
  const leaveLearning = () => exports.sotto_set_learning(session, 0);
  leaveLearning();

  const top10Of = (one) => {
    const found = exports.sotto_recommend(one, now, 0, top, 0, 0, 0, 0, itemsAt, itemsAt + 4 * top);
    return new Uint32Array(exports.memory.buffer, itemsAt, found).slice();
  };
  const observeIn = (one, item) => exports.sotto_feedback(one, item, click, 0, (now += 10));
  const top10 = () => top10Of(session);
  const observe = (item) => observeIn(session, item);
  const replay = (history) => {
    exports.sotto_session_reset(session);
    leaveLearning();
    new Uint32Array(exports.memory.buffer, historyAt, history.length).set(history);
    new Float64Array(exports.memory.buffer, timesAt, history.length).fill(now);
    exports.sotto_recall(session, historyAt, timesAt, history.length);
  };
  // In a module of its own. Head inputs are Q3.12 in Sotto; they are turned into that here, as part of the step.
  const learn = (mostExamples) => async () => {
    const module = await instantiate(await compileModule(files.headTrainingWasm));
    const head = module.sotto_head_new(openModel(module, bytes), mostExamples);
    const inputsAt = module.sotto_alloc(2 * mostExamples * classic.hidden);
    const labelsAt = module.sotto_alloc(4 * mostExamples);
    return ({ count, hidden, labels }) => {
      const inputs = new Int16Array(module.memory.buffer, inputsAt, hidden.length);
      for (let i = 0; i < hidden.length; ++i) inputs[i] = Math.round(hidden[i] * 4096);
      new Uint32Array(module.memory.buffer, labelsAt, count).set(labels);
      return module.sotto_head_step(head, inputsAt, labelsAt, count, learningRate);
    };
  };

  return {
    modelFiles: [sottoModelFile],
    logits(history) {
      replay(history);
      const scores = new Int32Array(exports.memory.buffer, exports.sotto_base_scores(session), exports.sotto_items(model));
      return Float32Array.from(scores, (score) => score / 2 ** 16);
    },
    rows: {
      eventTop10: () => (item) => {
        observe(item);
        return top10();
      },
      event: () => observe,
      replay: () => (history) => {
        replay(history);
        return top10();
      },
      headStep1: learn(1),
      headStep16: learn(16),
      learnEvent: () => {
        const learner = exports.sotto_session_new(model);
        return (item) => observeIn(learner, item);
      },
      learnEventTop10: () => {
        const learner = exports.sotto_session_new(model);
        return (item) => {
          observeIn(learner, item);
          return top10Of(learner);
        };
      },
    },
  };
}
