// How sure a share is, and how sure the difference between two versions is. All intervals are of 95 %. They take
// choices to be independent. The choices of one user are alike, so the true intervals are somewhat wider.
#pragma once

#include <sotto/serve/figures.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace sotto::serve {

struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  bool operator==(const Estimate&) const = default;
};

// A share of counted cases, with the interval of Wilson (1927). Nothing without cases. Legal: hits ≤ count.
[[nodiscard]] std::optional<Estimate> share_of(std::uint64_t hits, std::uint64_t count) noexcept;
// A mean, with the interval of the normal distribution. Nothing for less than two values.
[[nodiscard]] std::optional<Estimate> mean_of(const Sum& sum, std::uint64_t count) noexcept;

// Two versions in the same period.
struct Stratum {
  Choices control;
  Choices treatment;
};

struct Comparison {
  std::uint64_t control_choices = 0;
  std::uint64_t treatment_choices = 0;
  Estimate hit_rate;  // treatment - control
  Estimate ndcg;
};

// A version needs so many choices to be compared at all.
inline constexpr std::uint64_t min_compared_choices = 100;

// Compares two versions within each period, and then adds up (Mantel and Haenszel; the variance of Sato, 1989). So the
// time of day and a change of the candidate's share make no difference between versions. Periods in which one of them
// has no choice do not count. Nothing for too few choices, and where neither version has a hit.
[[nodiscard]] std::optional<Comparison> compare(std::span<const Stratum> periods) noexcept;

// Compares a shadow with the lists that users saw, choice by choice (Agresti and Min, 2005). Nothing for too few
// choices.
[[nodiscard]] std::optional<Comparison> compare(const PairedChoices& pairs) noexcept;

}  // namespace sotto::serve
