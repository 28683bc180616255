// A backtest as a table on the terminal, as JSON, and as one HTML page with plots.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/backtest.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::cli {

struct BacktestReport {
  std::string model_file;
  std::uint64_t model_fingerprint = 0;
  Architecture architecture;
  TrainingRecord training;
  LogIdentity log;
  evaluate::Admission admission;
  bool history_excluded = false;
  std::size_t items = 0;
  std::uint64_t bootstrap_seed = 0;
  std::string command;    // what was typed, to type it again
  std::string html_file;  // empty when none is written
  evaluate::Backtest backtest;
};

[[nodiscard]] Json to_json(const BacktestReport& report);
[[nodiscard]] std::string to_text(const BacktestReport& report);
[[nodiscard]] std::string to_html(const BacktestReport& report);

// "12 % ahead of the base": of an arm's NDCG@10.
[[nodiscard]] std::string ahead_in_words(const evaluate::Backtest& backtest, std::size_t arm);

}  // namespace sotto::cli
