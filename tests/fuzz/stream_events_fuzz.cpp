// A file of events: any bytes are folded or set aside, and what is taken is within its bounds.
#include "../support/random_model.hpp"

#include <sotto/data/byte_source.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/stream/event_log.hpp>
#include <sotto/stream/replay.hpp>
#include <sotto/stream/user_id.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

struct Shop {
  sotto::FixedModel model =
      sotto::test::random_fixed_model({.items = 8, .embedding_dim = 4, .hidden_dim = 4, .layers = 1}, 1);
  sotto::Engine engine{model, 1};
  sotto::PersonalModel personal{engine};
  sotto::Vocabulary vocabulary{model.info.catalogue};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Shop shop;
  std::uint64_t set_aside = 0;
  sotto::stream::EventLogOptions options;
  options.set_aside = [&](const sotto::stream::SetAside& letter) {
    ++set_aside;
    demand(letter.line >= 1 && !letter.letter.detail.empty() && !text_of(letter).empty());
  };
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto log = sotto::stream::read_records(sotto::data::memory_source(bytes), "input", shop.vocabulary, options);
  demand(log.ok());
  for (std::size_t user = 0; user < log->users(); ++user) {
    demand(sotto::stream::is_user_id(log->user_id(user)));
    for (std::size_t place = 0; place < log->events_of(user); ++place) {
      const auto event = log->event(user, place);
      demand(event.item < 8 && static_cast<std::size_t>(event.kind) < sotto::feedback_kinds);
      demand(event.amount >= -1e9F && event.amount <= 1e9F && event.id.size() <= sotto::stream::max_event_id);
    }
  }
  const auto replayed = sotto::stream::replay(*log, shop.personal, shop.model.info.catalogue, {.top = 3});
  demand(replayed.ok() && replayed->counts.folded + replayed->counts.repeated == log->events());
  options.set_aside = nullptr;
  const auto strict = sotto::stream::read_records(sotto::data::memory_source(bytes), "input", shop.vocabulary, options);
  demand(strict.ok() == (set_aside == 0));
  return 0;
}
