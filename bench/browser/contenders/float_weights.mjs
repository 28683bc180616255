// The classic model's float32 weights by name, out of the safetensors file that models/weights.py names them in.
export function readFloatWeights(bytes) {
  const headerSize = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerSize)));
  const tensors = bytes.slice(8 + headerSize).buffer;
  const weights = {};
  for (const [
    name,
    {
      data_offsets: [begin, end],
    },
  ] of Object.entries(header)) {
    weights[name] = new Float32Array(tensors, begin, (end - begin) / 4);
  }
  return weights;
}
