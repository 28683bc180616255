// An interaction log in memory: events grouped by user, in time order.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/byte_source.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace sotto::data {

// Events of user u are rows user_begin[u] … user_begin[u + 1] - 1, ordered by time to the millisecond; equal
// times keep the order of the file. Users come in the order of their first row in the file, items likewise.
struct Interactions {
  std::vector<std::string> user_ids;
  std::vector<std::string> item_ids;
  std::vector<std::size_t> user_begin;  // user_ids.size() + 1 entries
  std::vector<ItemIndex> item;          // one for each event: index into item_ids
  std::vector<std::int64_t> timestamp;  // one for each event: seconds since 1970, rounded down

  [[nodiscard]] std::size_t users() const noexcept { return user_ids.size(); }
  [[nodiscard]] std::size_t events() const noexcept { return item.size(); }
  [[nodiscard]] std::span<const ItemIndex> items_of(std::size_t user) const noexcept {
    return std::span(item).subspan(user_begin[user], user_begin[user + 1] - user_begin[user]);
  }
};

enum class BadRows { refuse, skip };

// Longest user or item id, in bytes.
inline constexpr std::size_t max_id_bytes = 1024;

struct ReadOptions {
  std::string user_column = "user_id";
  std::string item_column = "item_id";
  std::string timestamp_column = "timestamp";
  BadRows bad_rows = BadRows::refuse;
};

// What was passed over while reading, when bad rows are skipped.
struct ReadReport {
  std::size_t rows = 0;          // data rows seen
  std::size_t rows_refused = 0;  // data rows left out
  std::string first_refusal;     // line, value and rule of the first of them
};

// Reads a CSV with a header row, plain or gzip. Timestamps: whole or decimal seconds, milliseconds (values
// above 10^11) or ISO 8601. Errors name the file, line, column, value and rule.
[[nodiscard]] Result<Interactions> read_interactions(const std::filesystem::path& file, const ReadOptions& options,
                                                     ReadReport& report);

// The same from any source of plain bytes; `name` stands for the file in errors.
[[nodiscard]] Result<Interactions> parse_interactions(ByteSource& source, const std::string& name,
                                                      const ReadOptions& options, ReadReport& report);

// The identity of the log's events as ordered here; `name` is left to the caller. The fingerprint chains
// XXH64 over the users in order, the hash so far being the seed, of: the user id's length (uint32) and bytes,
// the number of events (uint64), and for each of them the item id's length (uint32), its bytes and the
// timestamp (int64), all little-endian. It does not depend on line ends, other columns or compression.
[[nodiscard]] LogIdentity identify(const Interactions& log);

// The catalogue of all items of the log in index order, with title, category, price and image from
// items.csv(.gz) when `items_file` is not empty (columns by name: item_id, title, category, price,
// median_price_gbp, image, currency; all but item_id optional). Items of that file that nobody touched are left out.
[[nodiscard]] Result<Catalogue> make_catalogue(const Interactions& log, const std::filesystem::path& items_file);

}  // namespace sotto::data
