// Sees every WebAssembly memory that is made after it is loaded, whoever makes it: imported before any contender.
const memories = new Set();

function note(value) {
  if (value instanceof WebAssembly.Memory) memories.add(value);
}

function noteAll(imports, instance) {
  for (const module of Object.values(imports ?? {})) Object.values(module).forEach(note);
  Object.values(instance.exports).forEach(note);
}

for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (source, imports) => {
    const result = await original.call(WebAssembly, source, imports);
    noteAll(imports, result.instance ?? result);
    return result;
  };
}

const OriginalInstance = WebAssembly.Instance;
WebAssembly.Instance = function Instance(module, imports) {
  const instance = new OriginalInstance(module, imports);
  noteAll(imports, instance);
  return instance;
};
WebAssembly.Instance.prototype = OriginalInstance.prototype;

export const wasmMemoryBytes = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
