// The options of sotto train. The Python package takes the same ones by the same names (docs/python.md).
#pragma once

#include <sotto/cli/content_options.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/options.hpp>
#include <sotto/pipeline/train_model.hpp>

#include <string>

namespace sotto::cli {

struct TrainOptions {
  LogOptions log;
  ContentOptions content;
  std::string out;
  pipeline::ModelOptions model;
  std::string split = "leave-last-out";
  std::string licence;
  std::string attribution;
  std::string lineage;
  bool no_event_sketch = false;
  bool resume = false;
  bool json = false;

  // The options must live until the command line is parsed.
  void add_to(Command command);
  // Fails where options contradict each other.
  [[nodiscard]] Status check() const;
  [[nodiscard]] data::SplitKind split_kind() const;
  [[nodiscard]] train::Provenance provenance(const LogIdentity& identity) const;
};

}  // namespace sotto::cli
