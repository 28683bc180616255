// The classic model in double precision, written to be read: what every contender is compared with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classic } from './classic.mjs';
import { readFloatWeights } from './contenders/float_weights.mjs';
import { floatWeightsFile } from './model_files.mjs';
import { modelFolder } from './places.mjs';

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** matrix · vector; the matrix is row-major, as wide as the vector is long. */
function product(matrix, vector) {
  const columns = vector.length;
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; ++column) sum += matrix[row * columns + column] * vector[column];
    return sum;
  });
}

function lstmStep(weights, layer, input, { h, c }) {
  const fromInput = product(weights[`lstm${layer}.input`], input);
  const fromHidden = product(weights[`lstm${layer}.hidden`], h);
  const gates = weights[`lstm${layer}.bias`];
  const gate = (which, unit) => {
    const at = which * classic.hidden + unit;
    return gates[at] + fromInput[at] + fromHidden[at];
  };
  const [inputGate, forgetGate, candidate, outputGate] = [0, 1, 2, 3];
  const nextC = c.map((old, unit) => {
    const added = sigmoid(gate(inputGate, unit)) * Math.tanh(gate(candidate, unit));
    return sigmoid(gate(forgetGate, unit)) * old + added;
  });
  return { c: nextC, h: nextC.map((value, unit) => sigmoid(gate(outputGate, unit)) * Math.tanh(value)) };
}

/** A function from a history to all items' logits. */
export function loadReference() {
  const weights = readFloatWeights(new Uint8Array(readFileSync(join(modelFolder, floatWeightsFile))));
  return (history) => {
    const states = Array.from({ length: classic.layers }, () => ({
      h: new Float64Array(classic.hidden),
      c: new Float64Array(classic.hidden),
    }));
    for (const item of history) {
      let signal = weights.embedding.subarray(item * classic.embedding, (item + 1) * classic.embedding);
      states.forEach((state, layer) => {
        states[layer] = lstmStep(weights, layer, signal, state);
        signal = states[layer].h;
      });
    }
    const scores = product(weights.head, states.at(-1).h);
    return scores.map((score, item) => score + weights['head.bias'][item]);
  };
}
