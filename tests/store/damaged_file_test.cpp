// Files with random damage: opening and using them ends with an answer or an error, never otherwise.
#include "places.hpp"

#include <sotto/base/random.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>

using namespace sotto;
using namespace sotto::store;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;

std::string sound_file() {
  const OnSqlite place;
  {
    const auto store = place.open();
    for (int i = 0; i < 60; ++i) {
      const Append request{"user " + std::to_string(i % 20),
                           std::vector<Event>(10, Event{"item " + std::to_string(i), noon, 1, 0}),
                           "key " + std::to_string(i),
                           "content",
                           "answer",
                           noon};
      REQUIRE(store->append(std::span(&request, 1)));
    }
    for (int i = 0; i < 5; ++i) {
      const auto user = "user " + std::to_string(i);
      const auto head = store->head(user).value();
      const SnapshotWrite snapshot{user, head.generation, {head.last, 1, Bytes(3000)}};
      REQUIRE(store->save_snapshots(std::span(&snapshot, 1)));
    }
  }
  std::ifstream stream(place.file(), std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void damage(std::string& bytes, Random& random) {
  const auto below = [&](std::size_t bound) { return random.below(static_cast<std::uint32_t>(bound)); };
  switch (below(4)) {
    case 0:
      for (std::uint32_t i = 0; i < 1 + below(20); ++i) bytes[below(bytes.size())] = static_cast<char>(below(256));
      break;
    case 1: bytes.resize(below(bytes.size())); break;
    case 2: {  // a page in the place of another one
      const auto page = [&] { return std::size_t{below(bytes.size() / 4096)} * 4096; };
      const auto from = page();
      bytes.replace(page(), 4096, bytes.substr(from, 4096));
      break;
    }
    default: {  // the headers of pages
      const auto at = std::size_t{below(bytes.size() / 4096)} * 4096 + below(16);
      bytes[at] = static_cast<char>(below(256));
    }
  }
}

// An error is one of damage or of the disk, and says something.
template <class T>
void is_answer(const Result<T>& result) {
  if (result) return;
  CAPTURE(result.error().detail);
  CHECK((result.error().code == ErrorCode::malformed || result.error().code == ErrorCode::io ||
         result.error().code == ErrorCode::unsupported_version));
  CHECK(result.error().detail.size() > 10);
}

}  // namespace

TEST_CASE("a file with random damage gives answers or errors") {
  const auto sound = sound_file();
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    auto bytes = sound;
    damage(bytes, random);
    const OnSqlite place;
    std::ofstream(place.file(), std::ios::binary) << bytes;
    auto store = place.try_open();
    is_answer(store);
    if (!store) continue;
    for (int i = 0; i < 20; ++i) is_answer((*store)->load("user " + std::to_string(i)));
    const Append request{"user 3", {{"item", noon, 1, 0}}, "key", "content", "answer", noon};
    is_answer((*store)->append(std::span(&request, 1)));
    is_answer((*store)->check());
    is_answer((*store)->forget("user 4", noon));
    is_answer((*store)->size());
    is_answer((*store)->clean(noon + 10'000'000, noon, noon));
    is_answer((*store)->backup(place.file().string() + ".backup"));
  }
}
