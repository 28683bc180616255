// TensorFlow.js on its WebAssembly backend, in its operations: its layers would add their own time to the same kernels.
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { classic, learningRate } from '../classic.mjs';
import { floatWeightsFile } from '../model_files.mjs';
import { readFloatWeights } from './float_weights.mjs';
import { top10 } from './top10.mjs';

const { items, embedding, hidden, layers } = classic;

export async function open(files) {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(files.asset('@tensorflow/tfjs-backend-wasm/dist/'));
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();

  const weights = readFloatWeights(await files.bytes(floatWeightsFile));
  const transposed = (values, rows) => tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, values.length / rows])));
  const table = tf.tensor2d(weights.embedding, [items, embedding]);
  // Its fast kernel takes no transposed operand.
  const head = transposed(weights.head, items);
  const headBias = tf.tensor1d(weights['head.bias']);
  const stack = Array.from({ length: layers }, (_, layer) => ({
    input: transposed(weights[`lstm${layer}.input`], 4 * hidden),
    recurrent: transposed(weights[`lstm${layer}.hidden`], 4 * hidden),
    bias: tf.tensor1d(weights[`lstm${layer}.bias`]),
  }));

  const row = (matrix, at) => tf.slice(matrix, [at, 0], [1, matrix.shape[1]]);
  function cell(gates, c) {
    const [input, forget, candidate, output] = tf.split(gates, 4, 1);
    const kept = tf.add(tf.mul(tf.sigmoid(forget), c), tf.mul(tf.sigmoid(input), tf.tanh(candidate)));
    return { h: tf.mul(tf.sigmoid(output), tf.tanh(kept)), c: kept };
  }
  /** All events of one layer: the products of its inputs at once, then step by step. */
  function runLayer({ input, recurrent, bias }, sequence, { h, c }) {
    const products = tf.fused.matMul({ a: sequence, b: input, transposeA: false, transposeB: false, bias });
    const outputs = [];
    let state = { h, c };
    for (let event = 0; event < sequence.shape[0]; ++event) {
      state = cell(tf.add(row(products, event), tf.matMul(state.h, recurrent)), state.c);
      outputs.push(state.h);
    }
    return { outputs: outputs.length === 1 ? outputs[0] : tf.concat(outputs, 0), state };
  }
  function runNetwork(history, states) {
    let sequence = history.length === 1 ? row(table, history[0]) : tf.gather(table, tf.tensor1d(history, 'int32'));
    return stack.map((layer, index) => {
      const { outputs, state } = runLayer(layer, sequence, states[index]);
      sequence = outputs;
      return state;
    });
  }
  const emptyStates = () => stack.map(() => ({ h: tf.zeros([1, hidden]), c: tf.zeros([1, hidden]) }));
  const logitsOf = ({ h }) =>
    tf.fused.matMul({ a: h, b: head, transposeA: false, transposeB: false, bias: headBias }).dataSync();

  let carried = emptyStates();
  function observe(item, use) {
    let result;
    const states = tf.tidy(() => {
      const after = runNetwork([item], carried);
      result = use?.(after[layers - 1]);
      return after;
    });
    tf.dispose(carried);
    carried = states;
    return result;
  }
  const logits = (history) => {
    let result;
    tf.tidy(() => {
      result = logitsOf(runNetwork(history, emptyStates())[layers - 1]);
    });
    return result;
  };

  const learn = () => {
    const weight = tf.variable(tf.clone(head));
    const bias = tf.variable(tf.clone(headBias));
    const optimizer = tf.train.sgd(learningRate);
    return ({ count, hidden: states, labels }) => {
      tf.tidy(() => {
        const h = tf.tensor2d(states, [count, hidden]);
        const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), items);
        const loss = () => {
          const scores = tf.add(tf.matMul(h, weight), bias);
          return tf.losses.softmaxCrossEntropy(targets, scores);
        };
        const { value, grads } = tf.variableGrads(loss, [weight, bias]);
        optimizer.applyGradients(grads);
        return value.dataSync();
      });
    };
  };

  return {
    modelFiles: [floatWeightsFile],
    logits,
    rows: {
      eventTop10: () => (item) => observe(item, (state) => top10(logitsOf(state))),
      // Reading a tensor is what makes sure that it has been computed.
      event: () => (item) => observe(item, ({ h }) => h.dataSync()),
      replay: () => (history) => top10(logits(history)),
      headStep1: learn,
      headStep16: learn,
    },
  };
}
