#include <sotto/cli/subcommands.hpp>

#include <array>

namespace sotto::cli {

// Each is defined in the file of its name.
Run add_check(Command command);
Run add_train(Command command);
Run add_quantize(Command command);
Run add_extend(Command command);
Run add_evaluate(Command command);
Run add_backtest(Command command);
Run add_simulate(Command command);
Run add_recommend(Command command);
Run add_inspect(Command command);
Run add_bench(Command command);
Run add_import(Command command);
Run add_export(Command command);
Run add_privacy(Command command);
Run add_stream(Command command);
#ifdef SOTTO_HAS_SERVER
Run add_serve(Command command);
#endif

std::span<const Subcommand> subcommands() noexcept {
  static constexpr auto table = std::to_array<Subcommand>({
      {"check", "Look at a log before training: rows, users, items, time", add_check},
      {"train", "Train a model on an interaction log", add_train},
      {"quantize", "Make a fixed-point model from a float model", add_quantize},
      {"extend", "Add items to a fixed-point model without training", add_extend},
      {"evaluate", "Rank the whole catalogue for held-out events, beside up to eight baselines", add_evaluate},
      {"backtest", "Replay the last tenth of a log: what learning on the device would have been worth", add_backtest},
      {"simulate", "Replay a log with many devices: what private sync would have been worth", add_simulate},
      {"recommend", "Show a list for a user's events, and why each item is in it", add_recommend},
      {"inspect", "Show what is in a model file", add_inspect},
      {"bench", "Measure how fast the engine is on this machine, one thread", add_bench},
      {"import", "Make a float model of a Keras, TensorFlow.js or PyTorch one", add_import},
      {"export", "Write a float model for PyTorch", add_export},
      {"privacy", "Compute what private sync costs a user, or the noise for a wish", add_privacy},
      {"stream", "Fold a file of events into every user's state and recommendations", add_stream},
#ifdef SOTTO_HAS_SERVER
      {"serve", "Answer over HTTP: recommendations, users' events and states, models", add_serve},
#endif
  });
  return table;
}

}  // namespace sotto::cli
