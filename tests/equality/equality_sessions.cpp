// Writes models and random sessions with their scores and states, for other builds to compare themselves with
// (tests/equality/README.md). Fails when the native tiers disagree.
#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/recommender.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace sotto;

constexpr std::uint32_t max_events = 60;

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "equality_sessions: %s\n", message.c_str());
  std::exit(1);
}

class Writer {
 public:
  explicit Writer(const std::filesystem::path& file) : out_(file, std::ios::binary) {
    if (!out_) fail("cannot write " + file.string());
  }
  void bytes(std::span<const std::byte> b) {
    out_.write(reinterpret_cast<const char*>(b.data()), static_cast<std::streamsize>(b.size()));
  }
  void u32(std::uint32_t value) { bytes(std::as_bytes(std::span(&value, 1))); }

 private:
  std::ofstream out_;
};

std::vector<std::byte> state_of(const Session& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

// The items of a ranking of 10 at the middle diversity.
std::vector<ItemIndex> diverse_ranking(Session& session) {
  std::vector<ScoredItem> best(10);
  best.resize(session.recommend({.diversity = max_diversity / 2}, best));
  std::vector<ItemIndex> items;
  for (const ScoredItem& scored : best) items.push_back(scored.item);
  return items;
}

void write_sessions(const std::filesystem::path& directory, const std::string& name,
                    const std::vector<std::byte>& model, std::uint32_t sessions, std::uint64_t seed) {
  const auto reference = Recommender::open(model, reference_kernels());
  const auto best = Recommender::open(model, best_kernels());
  if (!reference || !best) fail(name + ": " + reference.error().detail);
  Writer(directory / (name + ".safetensors")).bytes(model);

  Writer out(directory / (name + ".sessions"));
  const std::uint32_t items = (*reference)->engine().architecture().items;
  Session slow = (*reference)->new_session();
  Session fast = (*best)->new_session();
  out.bytes(std::as_bytes(std::span("SEQ3", 4)));
  out.u32(items);
  out.u32(sessions);
  Random random(seed);
  for (std::uint32_t s = 0; s < sessions; ++s) {
    slow.reset();
    fast.reset();
    const std::uint32_t events = random.below(max_events + 1);
    out.u32(events);
    for (std::uint32_t e = 0; e < events; ++e) {
      const ItemIndex item = random.below(items);
      out.u32(item);
      if (!slow.observe(item) || !fast.observe(item)) fail(name + ": an event was refused");
      if (!std::ranges::equal(slow.scores(), fast.scores())) {
        fail(name + ": " + (*best)->engine().kernels().name + " differs from the reference in session " +
             std::to_string(s) + ", event " + std::to_string(e) + " (seed " + std::to_string(seed) + ")");
      }
    }
    const auto state = state_of(slow);
    if (state != state_of(fast)) fail(name + ": the states differ in session " + std::to_string(s));
    const auto diverse = diverse_ranking(slow);
    if (diverse != diverse_ranking(fast)) fail(name + ": the rankings differ in session " + std::to_string(s));
    out.bytes(std::as_bytes(slow.scores()));
    out.u32(static_cast<std::uint32_t>(diverse.size()));
    out.bytes(std::as_bytes(std::span(diverse)));
    out.u32(static_cast<std::uint32_t>(state.size()));
    out.bytes(state);
  }
  std::printf("%s: %u sessions, reference = %s\n", name.c_str(), sessions, (*best)->engine().kernels().name);
}

}  // namespace

// Usage: equality_sessions DIRECTORY [SHIPPED_MODEL]
int main(int argc, char** argv) {
  if (argc < 2) fail("usage: equality_sessions DIRECTORY [SHIPPED_MODEL]");
  const std::filesystem::path directory = argv[1];
  std::filesystem::create_directories(directory);
  const struct {
    Architecture architecture;
    int head_bits = 8;
  } models[] = {
      {{1, 1, 1, 1, true, false, true, true}},
      {{5, 7, 3, 2, false, true, false, true}},
      {{97, 31, 31, 1, true, true, true, true}},
      {{64, 32, 32, 3, true, true, true, false}},
      {{130, 33, 65, 2, false, false, false, false}},
      {{1000, 16, 128, 2, false, true, true, true}},
      {{61, 17, 33, 2, false, false, false, false, HeadKind::binary}},
      {{97, 31, 31, 1, true, true, true, true}, 4},
      {{130, 33, 65, 2, false, false, false, false}, 4},
      {{1000, 128, 128, 1, true, true, true, true}, 4},
  };
  std::uint64_t seed = 1;
  for (const auto& [architecture, head_bits] : models) {
    const auto model = serialize(test::random_fixed_model(architecture, seed, head_bits));
    write_sessions(directory, "random-" + std::to_string(seed), model, 200, seed);
    ++seed;
  }
  if (argc > 2) {
    std::ifstream in(argv[2], std::ios::binary);
    if (!in) fail(std::string("cannot read ") + argv[2]);
    std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    write_sessions(directory, "shipped", {bytes.begin(), bytes.end()}, 1000, 2024);
  }
}
