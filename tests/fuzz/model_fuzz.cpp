// The model loader on arbitrary bytes: it refuses or opens, and what it opens runs.
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/owning_session.hpp>
#include <sotto/runtime/recommender.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Under another name the checksum is not asked for: else no changed weight would ever run.
  std::string file(reinterpret_cast<const char*>(data), size);
  if (const std::size_t at = file.find("\"checksum\""); at != std::string::npos) file[at + 1] = 'C';
  const auto bytes = std::as_bytes(std::span(file));
  const auto opened = sotto::Recommender::open(bytes);
  if (!opened) return 0;
  sotto::OwningSession session((*opened)->engine());
  for (int event = 0; event < 3; ++event) {
    if (!session.observe(0)) __builtin_trap();
  }
  std::vector<sotto::ScoredItem> best(10);
  if (session.recommend({}, best) == 0) __builtin_trap();
  if (session.recommend({.diversity = sotto::max_diversity / 2}, best) == 0) __builtin_trap();
  sotto::Workspace workspace((*opened)->engine());
  if (!sotto::why((*opened)->engine(), session.state(), 0, workspace)) __builtin_trap();
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  if (!session.import_state(state)) __builtin_trap();
  return 0;
}
