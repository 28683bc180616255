// A small model, and files of events for it.
#pragma once

#include "../support/random_model.hpp"

#include <sotto/base/random.hpp>
#include <sotto/data/byte_source.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/stream/event_log.hpp>

#include <catch2/catch_test_macros.hpp>

#include <span>
#include <string>
#include <vector>

namespace sotto::test {

struct StreamModel {
  FixedModel model = random_fixed_model({.items = 23, .embedding_dim = 8, .hidden_dim = 8, .layers = 1}, 5);
  Engine engine{model, 0x1234};
  PersonalModel personal{engine};
  Vocabulary vocabulary{model.info.catalogue};
};

// Records of every kind, of some users, out of order now and then; good ones all.
inline std::string records(std::size_t count, std::size_t users, std::uint64_t seed) {
  static constexpr const char* kinds[] = {"click", "purchase", "dwell", "rating", "cart", "dismiss", "impression"};
  Random random(seed);
  std::string text;
  std::int64_t at = 1'760'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    at += random.below(5) == 0 ? 40'000 : random.below(200);
    const std::int64_t late = random.below(10) == 0 ? 5'000 : 0;
    const std::string kind = kinds[random.below(7)];
    text += R"({"user":"user )" + std::to_string(random.below(static_cast<std::uint32_t>(users))) + R"(","id":"item-)" +
            std::to_string(random.below(23)) + R"(","kind":")" + kind + R"(","at":)" + std::to_string(at - late);
    if (kind == "dwell") text += R"(,"amount":)" + std::to_string(random.below(120));
    if (kind == "rating") text += R"(,"amount":-0.25)";
    text += R"(,"event_id":"e)" + std::to_string(i) + "\"}\n";
  }
  return text;
}

inline Result<stream::EventLog> read(const StreamModel& model, const std::string& text,
                                     const stream::EventLogOptions& options = {}) {
  return stream::read_records(data::memory_source(std::as_bytes(std::span(text))), "events.jsonl", model.vocabulary,
                              options);
}

}  // namespace sotto::test
