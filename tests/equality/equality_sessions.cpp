// Writes models and random sessions with their scores and states, for other builds to compare themselves with
// (tests/equality/README.md). Fails when the native tiers disagree.
#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/personal/owning_personal_session.hpp>
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
constexpr std::uint32_t long_session_events = 10'000;

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
  template <class Value>
  void number(Value value) {
    bytes(std::as_bytes(std::span(&value, 1)));
  }
  void u32(std::uint32_t value) { number(value); }

 private:
  std::ofstream out_;
};

std::vector<std::byte> state_of(const PersonalSession& session) {
  std::vector<std::byte> state(session.state_size());
  session.export_state(state);
  return state;
}

// The items of a ranking of 10 at the middle diversity.
std::vector<ItemIndex> diverse_ranking(PersonalSession& session, std::int64_t now) {
  std::vector<ScoredItem> best(10);
  best.resize(session.recommend(now, {.diversity = max_diversity / 2}, best));
  std::vector<ItemIndex> items;
  for (const ScoredItem& scored : best) items.push_back(scored.item);
  return items;
}

struct Act {
  ItemIndex item;
  FeedbackKind kind;
  float amount;
  std::int64_t time;
};

// Mostly clicks; of somebody who has favourites, so that there is something to learn.
Act next_act(Random& random, std::uint32_t items, std::int64_t now) {
  const ItemIndex item = random.below(3) == 0 ? random.below(items) : random.below(std::min(items, 20U));
  const bool click = random.below(4) != 0;
  const auto kind = click ? FeedbackKind::click : static_cast<FeedbackKind>(random.below(feedback_kinds));
  const float amount = kind == FeedbackKind::dwell    ? static_cast<float>(random.below(90))
                       : kind == FeedbackKind::rating ? static_cast<float>(random.below(5)) / 2.0F - 1.0F
                                                      : 0.0F;
  return {item, kind, amount, now + (random.below(8) == 0 ? random.below(1'000'000) : random.below(200))};
}

FeedbackWeights all_kinds_teach() {
  FeedbackWeights weights;
  weights.of[static_cast<std::size_t>(FeedbackKind::impression)] = 0.25F;
  return weights;
}

// The same model on both kernels.
struct Pair {
  OwningPersonalSession slow;
  OwningPersonalSession fast;
};

void write_session(Writer& out, Pair& pair, std::uint32_t events, Random& random, const std::string& where) {
  auto& [slow, fast] = pair;
  slow.reset();
  fast.reset();
  const std::uint32_t items = slow.model().engine().architecture().items;
  // Scores are compared after each event of a short session, and now and then of a long one.
  const std::uint32_t compared_every = events > max_events ? 97 : 1;
  std::int64_t now = 1'700'000'000;
  out.u32(events);
  for (std::uint32_t e = 0; e < events; ++e) {
    const Act act = next_act(random, items, now);
    now = act.time;
    out.u32(act.item);
    out.u32(static_cast<std::uint32_t>(act.kind));
    out.number(act.amount);
    out.number(static_cast<double>(act.time));
    if (!slow.feedback(act.item, act.kind, act.amount, now) || !fast.feedback(act.item, act.kind, act.amount, now)) {
      fail(where + ": an event was refused");
    }
    if (e % compared_every == 0 && (!std::ranges::equal(slow.base_scores(), fast.base_scores()) ||
                                    !std::ranges::equal(slow.scores(now), fast.scores(now)))) {
      fail(where + " differs from the reference at event " + std::to_string(e));
    }
  }
  const auto state = state_of(slow);
  if (state != state_of(fast)) fail(where + ": the states differ");
  const auto diverse = diverse_ranking(slow, now);
  if (diverse != diverse_ranking(fast, now)) fail(where + ": the rankings differ");
  out.number(static_cast<double>(now));
  out.bytes(std::as_bytes(slow.base_scores()));
  out.bytes(std::as_bytes(slow.scores(now)));
  out.u32(static_cast<std::uint32_t>(diverse.size()));
  out.bytes(std::as_bytes(std::span(diverse)));
  out.u32(static_cast<std::uint32_t>(state.size()));
  out.bytes(state);
}

void write_sessions(const std::filesystem::path& directory, const std::string& name,
                    const std::vector<std::byte>& model, std::uint32_t sessions, bool one_is_long, std::uint64_t seed) {
  const auto reference = Recommender::open(model, reference_kernels());
  const auto best = Recommender::open(model, best_kernels());
  if (!reference || !best) fail(name + ": " + reference.error().detail);
  Writer(directory / (name + ".safetensors")).bytes(model);

  Writer out(directory / (name + ".sessions"));
  PersonalOptions options;
  options.weights = all_kinds_teach();
  Pair pair{OwningPersonalSession((*reference)->engine(), options), OwningPersonalSession((*best)->engine(), options)};
  out.bytes(std::as_bytes(std::span("SEQ4", 4)));
  out.u32((*reference)->engine().architecture().items);
  out.u32(sessions);
  for (const float weight : options.weights.of) out.number(weight);
  Random random(seed);
  for (std::uint32_t s = 0; s < sessions; ++s) {
    const bool is_long = one_is_long && s + 1 == sessions;
    write_session(out, pair, is_long ? long_session_events : random.below(max_events + 1), random,
                  name + ", seed " + std::to_string(seed) + ", " + (*best)->engine().kernels().name + ", session " +
                      std::to_string(s));
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
      {{97, 31, 31, 1, true, true, true, true, HeadKind::softmax, true}},
  };
  std::uint64_t seed = 1;
  for (const auto& [architecture, head_bits] : models) {
    const auto model = serialize(test::random_fixed_model(architecture, seed, head_bits));
    write_sessions(directory, "random-" + std::to_string(seed), model, 200, false, seed);
    ++seed;
  }
  if (argc > 2) {
    std::ifstream in(argv[2], std::ios::binary);
    if (!in) fail(std::string("cannot read ") + argv[2]);
    std::vector<char> text{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(text));
    write_sessions(directory, "shipped", {bytes.begin(), bytes.end()}, 300, true, 2024);
  }
}
