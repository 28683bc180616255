# worker.js in workerd, on a port that the system chooses: with the Web's globals alone, and with those of Node beside them.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "web", worker = (modules = .modules, compatibilityDate = "2026-03-01")),
    (name = "node", worker = (
      modules = .modules,
      compatibilityDate = "2026-03-01",
      compatibilityFlags = ["nodejs_compat"],
    )),
  ],
  sockets = [
    (name = "web", address = "127.0.0.1:0", http = (), service = "web"),
    (name = "node", address = "127.0.0.1:0", http = (), service = "node"),
  ],
);

const modules :List(Workerd.Worker.Module) = [
  (name = "worker", esModule = embed "bundle.js"),
  (name = "sotto/sotto-simd128.wasm", wasm = embed "node_modules/sotto/dist/sotto-simd128.wasm"),
  (name = "model.safetensors", data = embed "model.safetensors"),
];
