// What is known of a version's lists in a period. Figures of several servers and periods add up.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/serve/latency_histogram.hpp>
#include <sotto/serve/shown_items.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sotto::serve {

// The length of a period in seconds. Periods start at its multiples.
inline constexpr std::int64_t period_seconds = 3600;
// Start of the period of a moment.
[[nodiscard]] std::int64_t period_of(std::int64_t at) noexcept;

inline constexpr std::size_t figures_at = 10;  // the k of hit rate and NDCG

// A sum of values, and of their squares for the variance.
struct Sum {
  double sum = 0;
  double squares = 0;
  void add(double value) noexcept {
    sum += value;
    squares += value * value;
  }
  void add(const Sum& other) noexcept {
    sum += other.sum;
    squares += other.squares;
  }
  bool operator==(const Sum&) const = default;
};

// What users chose after a version's lists.
struct Choices {
  std::uint64_t count = 0;  // choices that cite a list, in it or not
  std::uint64_t hits = 0;  // the item is among the first ten
  Sum ndcg;  // of one target: 1 / log2(rank + 1) within the first ten, otherwise 0
  double reciprocal_rank = 0;  // 1 / rank anywhere in the list that the id carries, otherwise 0

  // `rank` counts from 1; absent for an item that the list does not have.
  void add(std::optional<std::size_t> rank) noexcept;
  void add(const Choices& other) noexcept;
  bool operator==(const Choices&) const = default;
};

// A shadow's lists beside those that users saw, on the same choices.
struct PairedChoices {
  Choices shown;
  Choices shadow;
  std::uint64_t only_shown = 0;  // hits of the shown list alone
  std::uint64_t only_shadow = 0;
  Sum ndcg_difference;  // shadow - shown

  void add(std::optional<std::size_t> shown_rank, std::optional<std::size_t> shadow_rank) noexcept;
  void add(const PairedChoices& other) noexcept;
  bool operator==(const PairedChoices&) const = default;
};

struct Figures {
  std::uint64_t lists = 0;  // shown
  Choices choices;
  ShownItems items;  // the first ten of each list
  LatencyHistogram latency;  // from a request's arrival to its answer
  // As a shadow: its lists beside another version's, in one entry for all of those.
  PairedChoices as_shadow;

  void add(const Figures& other);
  bool operator==(const Figures&) const = default;
};

// The rank of an item in a list, from 1.
[[nodiscard]] std::optional<std::size_t> rank_of(std::span<const ItemIndex> list,
                                                 std::optional<ItemIndex> item) noexcept;

// A row's text in the store: JSON without spaces. Members that are zero are left out.
[[nodiscard]] std::string to_text(const Figures& figures);
// Fails with malformed, naming the member.
[[nodiscard]] Result<Figures> figures_from_text(std::string_view text);

}  // namespace sotto::serve
