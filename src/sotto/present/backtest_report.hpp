// The result of 'sotto backtest' as a table for a terminal, as JSON and as one HTML page with plots.
#pragma once

#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/backtest.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::present {

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
  std::string command;    // the command line that gives the same report again
  std::string html_file;  // where the page is written; empty without one
  evaluate::Backtest backtest;
};

[[nodiscard]] report::Json to_json(const BacktestReport& report);
[[nodiscard]] std::string to_text(const BacktestReport& report);
[[nodiscard]] std::string to_html(const BacktestReport& report);

// The arm's NDCG@10 compared with the base's, such as "+12.0 %"; empty where the base's is 0.
[[nodiscard]] std::string ahead_in_words(const evaluate::Backtest& backtest, std::size_t arm);

}  // namespace sotto::present
