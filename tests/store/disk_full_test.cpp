// A disk without space, by a limit on the size of files: writes beyond it fail as they would on a full disk.
#include "places.hpp"

#include <csignal>
#include <cstdint>

#include <sys/resource.h>

using namespace sotto;
using namespace sotto::store;
using test::OnSqlite;

namespace {

constexpr std::int64_t noon = 1'750'000'000;

class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a full disk refuses writes, loses nothing, and is usable again with space") {
  const OnSqlite place;
  auto store = place.open();
  std::uint64_t acknowledged = 0;
  const Append request{"ann", std::vector<Event>(50, Event{std::string(100, 'i'), noon, 1, 0}), "", "", "", noon};
  {
    const FileSizeLimit full(600'000);
    bool was_refused = false;
    for (int i = 0; i < 400; ++i) {
      const auto appended = store->append(std::span(&request, 1));
      if (appended) {
        acknowledged = appended->front().head.last;
      } else {
        was_refused = true;
        CHECK(appended.error().code == ErrorCode::io);
        CHECK(appended.error().detail.find(place.file().string()) != std::string::npos);
      }
    }
    CHECK(was_refused);
    CHECK(acknowledged > 0);
    CHECK(store->head("ann").value().last == acknowledged);
    CHECK(store->load("ann").value().events.size() == acknowledged);
    const FileSizeLimit fuller(100'000);
    CHECK_FALSE(store->backup(place.file().string() + ".backup"));
    CHECK_FALSE(std::filesystem::exists(place.file().string() + ".backup"));
  }
  const auto appended = store->append(std::span(&request, 1));
  REQUIRE(appended);
  CHECK(appended->front().head.last == acknowledged + 50);
  CHECK(store->check().value().empty());
  store.reset();
  CHECK(place.open()->head("ann").value().last == acknowledged + 50);
}
