// The result of 'sotto privacy', as text for a terminal and as JSON: what reports under noise cost a user, and what the
// noise does to the histogram.
#pragma once

#include <sotto/report/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace sotto::present {

// What is asked. Sensitivity 1: a report is one choice, and a user may have made it or not.
struct PrivacyPlan {
  double noise = 8;  // the deviation that each of two aggregators adds, in counts
  std::optional<double> wished_epsilon = std::nullopt;  // finds the noise, and `noise` is not read
  std::uint32_t reports = 4;  // of one device in 28 days, at most
  double delta = 1e-6;
  std::uint32_t months = 12;  // of 28 days, for the sum
  std::uint32_t min_batch = 2'000;
  std::uint32_t slots = 4'096;
  bool shows_gaussian = true;
  bool shows_laplace = true;
};

struct GaussianCost {
  double renyi = 0;  // a bound that is proven for discrete noise
  double exact = 0;  // of continuous noise
  std::optional<double> exact_discrete = std::nullopt;  // of the noise that is drawn; from the noise 2 on
};

struct PrivacyCost {
  GaussianCost gaussian;
  double laplace = 0;  // exact, of discrete noise
};

struct WishedNoise {
  double renyi = 0;
  double exact = 0;
  double laplace = 0;  // the deviation, which is √2 times the scale
};

struct PrivacyReport {
  PrivacyPlan plan;
  std::optional<WishedNoise> wished;  // exactly what the wish needs
  // What the figures below are for. A wish's noise is rounded up to hundredths, and by Rényi divergence for the
  // Gaussian.
  double gaussian_noise = 0;
  double laplace_noise = 0;
  PrivacyCost month;  // of 28 days
  PrivacyCost lifetime;
};

[[nodiscard]] PrivacyReport examine(const PrivacyPlan& plan);

// Sentences without figures that a reader must look up elsewhere.
[[nodiscard]] std::string in_words_for_operator(const PrivacyReport& report);
[[nodiscard]] std::string in_words_for_visitor(const PrivacyReport& report);

[[nodiscard]] std::string to_text(const PrivacyReport& report);
[[nodiscard]] report::Json to_json(const PrivacyReport& report);

}  // namespace sotto::present
