// The options of sotto evaluate. The Python package takes the same ones by the same names (docs/python.md).
#pragma once

#include <sotto/cli/log_options.hpp>
#include <sotto/cli/options.hpp>
#include <sotto/cli/ranking_options.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/model/spec.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::cli {

struct EvaluateOptions {
  LogOptions log;
  std::string model;
  std::string float_model;
  RankingOptions ranking;
  std::string split = "auto";
  std::string history = "auto";
  std::vector<std::uint32_t> cutoffs = evaluate::EvaluateOptions{}.cutoffs;
  bool allow_trained_events = false;

  // The options must live until the command line is parsed.
  void add_to(Command command);
  [[nodiscard]] data::SplitKind split_kind(const ModelInfo& model) const;
  [[nodiscard]] evaluate::EvaluateOptions evaluation(const data::Split& split, const std::atomic<bool>& stop) const;
};

}  // namespace sotto::cli
