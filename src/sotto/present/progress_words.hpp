// How far a long task is, in one line: rate and time left.
#pragma once

#include <sotto/data/read_interactions.hpp>
#include <sotto/fit/fit_progress.hpp>
#include <sotto/train/train.hpp>

#include <string>

namespace sotto::present {

// `seconds` have passed since reading began.
[[nodiscard]] std::string in_words(const data::ReadProgress& progress, double seconds);
[[nodiscard]] std::string in_words(const train::Progress& progress);
[[nodiscard]] std::string in_words(const fit::FitProgress& progress);

}  // namespace sotto::present
