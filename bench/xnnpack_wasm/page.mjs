// The functions that run in the page, one after another; each is sent there as text and uses no other name of a file.

/** Compiles a module, given in base64, as globalThis.heads. `cores` is what XNNPACK is told of the machine. */
export async function openModule({ base64, cores = navigator.hardwareConcurrency }) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const module = await WebAssembly.compile(bytes);
  const known = { hardware_concurrency: () => cores };
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const unexpected = () => {
      throw new Error(`the module called ${name}`);
    };
    imports[from] = { ...imports[from], [name]: known[name] ?? unexpected };
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports._initialize?.();
  const text = (pointer) => {
    const memory = new Uint8Array(exports.memory.buffer);
    return new TextDecoder().decode(memory.subarray(pointer, memory.indexOf(0, pointer)));
  };
  globalThis.heads = { exports, text };
  return `${text(exports.tier())}, µs; XNNPACK's kernels on these ${cores} cores: ${text(exports.xnnpack_choice())}`;
}

/**
 * Checks the contenders of a case and lets them take turns: their names and, of each round, the microseconds of a call.
 * A turn takes about `turn` milliseconds, or one call.
 */
export async function measureCase({ isFloat, items, dim, batch, rounds, turn }) {
  const { exports, text } = globalThis.heads;
  const contenders = Array.from({ length: exports.open_case(isFloat, items, dim, batch) }, (_, k) => {
    const name = text(exports.name(k));
    if (!exports.is_right(k)) throw new Error(`${name} is wrong at ${items} × ${dim}, batch ${batch}`);
    return { name, calls: 1, microseconds: [] };
  });
  const milliseconds = (k, calls) => {
    const start = performance.now();
    exports.call(k, calls);
    return performance.now() - start;
  };
  // Until a turn is long enough and the optimizing compiler, which works aside, has had its time.
  for (const [k, contender] of contenders.entries()) {
    while (milliseconds(k, contender.calls) < turn) contender.calls *= 2;
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const [k, contender] of contenders.entries()) {
    const fastest = Math.min(...[1, 2, 3].map(() => milliseconds(k, contender.calls))) / contender.calls;
    contender.calls = Math.ceil((1.2 * turn) / fastest);
  }
  for (let round = 0; round < rounds; ++round) {
    for (const [k, contender] of contenders.entries()) {
      contender.microseconds.push((1e3 * milliseconds(k, contender.calls)) / contender.calls);
    }
  }
  return contenders.map(({ name, microseconds }) => ({ name, microseconds }));
}
