// What somebody writes who wants no library: float32 arrays and loops.
import { classic, learningRate } from '../classic.mjs';
import { floatWeightsFile } from '../model_files.mjs';
import { readFloatWeights } from './float_weights.mjs';
import { top10 } from './top10.mjs';

const { items, embedding, hidden, layers } = classic;

/** out += matrix · vector; four sums at a time keep the processor from waiting for each addition. */
function addProduct(out, matrix, vector) {
  const columns = vector.length;
  for (let row = 0, at = 0; row < out.length; ++row, at += columns) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let column = 0; column < columns; column += 4) {
      a += matrix[at + column] * vector[column];
      b += matrix[at + column + 1] * vector[column + 1];
      c += matrix[at + column + 2] * vector[column + 2];
      d += matrix[at + column + 3] * vector[column + 3];
    }
    out[row] += a + b + c + d;
  }
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

function softmaxInPlace(logits) {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; ++i) if (logits[i] > highest) highest = logits[i];
  let sum = 0;
  for (let i = 0; i < logits.length; ++i) sum += logits[i] = Math.exp(logits[i] - highest);
  for (let i = 0; i < logits.length; ++i) logits[i] /= sum;
}

export async function open(files) {
  const weights = readFloatWeights(await files.bytes(floatWeightsFile));
  const stack = Array.from({ length: layers }, (_, layer) => ({
    input: weights[`lstm${layer}.input`],
    recurrent: weights[`lstm${layer}.hidden`],
    bias: weights[`lstm${layer}.bias`],
    h: new Float32Array(hidden),
    c: new Float32Array(hidden),
  }));
  const gates = new Float32Array(4 * hidden);
  const logits = new Float32Array(items);
  const last = stack[layers - 1];

  function step(layer, input) {
    gates.set(layer.bias);
    addProduct(gates, layer.input, input);
    addProduct(gates, layer.recurrent, layer.h);
    for (let unit = 0; unit < hidden; ++unit) {
      const candidate = Math.tanh(gates[2 * hidden + unit]);
      layer.c[unit] = sigmoid(gates[hidden + unit]) * layer.c[unit] + sigmoid(gates[unit]) * candidate;
      layer.h[unit] = sigmoid(gates[3 * hidden + unit]) * Math.tanh(layer.c[unit]);
    }
  }
  function observe(item) {
    let input = weights.embedding.subarray(item * embedding, (item + 1) * embedding);
    for (const layer of stack) {
      step(layer, input);
      input = layer.h;
    }
  }
  function scoreAll(state) {
    logits.set(weights['head.bias']);
    addProduct(logits, weights.head, state);
  }
  function replay(history) {
    for (const layer of stack) {
      layer.h.fill(0);
      layer.c.fill(0);
    }
    for (const item of history) observe(item);
    scoreAll(last.h);
  }

  const head = weights.head.slice();
  const headBias = weights['head.bias'].slice();
  const errors = new Float32Array(items);
  /** Examples are scored before the first of them changes the head, as one batch is. */
  function headStep({ count, hidden: states, labels }) {
    const rate = learningRate / count;
    const batch = Array.from({ length: count }, (_, example) => {
      const state = states.subarray(example * hidden, (example + 1) * hidden);
      const error = count === 1 ? errors : new Float32Array(items);
      error.set(headBias);
      addProduct(error, head, state);
      softmaxInPlace(error);
      error[labels[example]] -= 1;
      return { state, error };
    });
    for (const { state, error } of batch) {
      for (let item = 0, at = 0; item < items; ++item, at += hidden) {
        const scale = rate * error[item];
        headBias[item] -= scale;
        for (let unit = 0; unit < hidden; ++unit) head[at + unit] -= scale * state[unit];
      }
    }
  }

  const learn = () => headStep;
  return {
    modelFiles: [floatWeightsFile],
    logits(history) {
      replay(history);
      return logits;
    },
    rows: {
      eventTop10: () => (item) => {
        observe(item);
        scoreAll(last.h);
        return top10(logits);
      },
      event: () => observe,
      replay: () => (history) => {
        replay(history);
        return top10(logits);
      },
      headStep1: learn,
      headStep16: learn,
    },
  };
}
