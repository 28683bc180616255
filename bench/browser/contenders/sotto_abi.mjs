// Sotto's engine by its C ABI (docs/c-abi.md), loaded as the package loads it.
import { records } from '../../../wasm/package/dist/abi.js';
import { bestWasmTier } from '../../../wasm/package/dist/features.js';
import { logitOf } from '../../../wasm/package/dist/logit.js';
import { compileModule, instantiate } from '../../../wasm/package/dist/module_loader.js';
import { classic, learningRate } from '../classic.mjs';
import { sottoModelFile } from '../model_files.mjs';

const top = 10;
const click = 1;

/** The handle that a call of the module writes. */
function made(module, call) {
  const at = module.sotto_alloc(4);
  const result = call(at);
  if (result < 0) throw new Error(`Sotto failed with code ${result}`);
  const handle = new DataView(module.memory.buffer).getUint32(at, true);
  module.sotto_free(at);
  return handle;
}

function openModel(module, bytes) {
  const pointer = module.sotto_alloc(bytes.byteLength);
  new Uint8Array(module.memory.buffer).set(bytes, pointer);
  return made(module, (handle) => module.sotto_model_open(pointer, bytes.byteLength, handle));
}

export async function open(files, { wasm }) {
  if (wasm.includes('relaxed') && bestWasmTier() !== 'relaxed-simd') {
    throw new Error('its products of relaxed SIMD are wrong here, and the package does not load it');
  }
  const exports = await instantiate(await compileModule(files.sottoWasm(wasm)));
  const bytes = await files.bytes(sottoModelFile);
  const model = openModel(exports, bytes);
  const workspace = made(exports, (handle) => exports.sotto_workspace_new(model, handle));
  const newUser = () => made(exports, (handle) => exports.sotto_user_new(model, handle));
  const user = newUser();
  const { size: recordSize } = records.sotto_scored_item;
  const bestAt = exports.sotto_alloc(recordSize * top);
  const historyAt = exports.sotto_alloc(4 * classic.window);
  const timesAt = exports.sotto_alloc(8 * classic.window);
  // Ten seconds from event to event.
  let now = 1_700_000_000;
  // No peer learns from an event: the rows but for the last two are the model's alone.
  const leaveLearning = () => exports.sotto_set_learning(user, 0);
  leaveLearning();

  const top10Of = (one) => {
    const found = exports.sotto_recommend(one, workspace, now, 0, bestAt, top);
    const words = new Uint32Array(exports.memory.buffer, bestAt, 2 * found);
    return Uint32Array.from({ length: found }, (_, rank) => words[2 * rank]);
  };
  const observeIn = (one, item) => exports.sotto_feedback(one, workspace, item, click, 0, (now += 10));
  const top10 = () => top10Of(user);
  const observe = (item) => observeIn(user, item);
  const replay = (history) => {
    exports.sotto_user_reset(user);
    leaveLearning();
    new Uint32Array(exports.memory.buffer, historyAt, history.length).set(history);
    new Float64Array(exports.memory.buffer, timesAt, history.length).fill(now);
    exports.sotto_recall(user, workspace, historyAt, timesAt, history.length);
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
      const scoresAt = exports.sotto_alloc(4 * classic.items);
      exports.sotto_scores(user, workspace, now, 1, scoresAt, classic.items);
      const logits = Float32Array.from(new Int32Array(exports.memory.buffer, scoresAt, classic.items), logitOf);
      exports.sotto_free(scoresAt);
      return logits;
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
        const learner = newUser();
        return (item) => observeIn(learner, item);
      },
      learnEventTop10: () => {
        const learner = newUser();
        return (item) => {
          observeIn(learner, item);
          return top10Of(learner);
        };
      },
    },
  };
}
