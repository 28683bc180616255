// Where a page finds the contenders' files; harness/server.mjs serves them there.
const bytes = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

export const pageFiles = {
  model: (name) => `/models/${name}`,
  bytes: (name) => bytes(`/models/${name}`),
  asset: (path) => `/assets/${path}`,
  sottoWasm: (file) => `/sotto/${file}`,
  headTrainingWasm: '/modules/sotto-head.wasm',
};
