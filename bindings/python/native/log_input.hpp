// The log that Python hands over: files by their names, or the columns of a data frame.
#pragma once

#include "watched_work.hpp"

#include <sotto/cli/log_options.hpp>
#include <sotto/data/byte_source.hpp>
#include <sotto/data/column_table.hpp>
#include <sotto/pipeline/prepared_log.hpp>

#include <nanobind/ndarray.h>

#include <string>
#include <vector>

namespace sotto::python {

using Integers = nanobind::ndarray<const std::int64_t, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;
using Reals = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;
using Places = nanobind::ndarray<const std::int32_t, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

// Views of arrays that it keeps alive. Nothing is copied but the texts of ids, each once.
class FrameColumns {
 public:
  // The log's name, or the file that the columns are from: messages and the model's record have it.
  explicit FrameColumns(const std::string& name) : name_(data::name_of(name)) {}

  void add_texts(std::string name, std::vector<std::string> texts, Places places);
  void add_integers(std::string name, Integers values);
  void add_reals(std::string name, Reals values);
  void add_moments(std::string name, Integers milliseconds);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::span<const data::NamedColumn> table() const noexcept { return columns_; }

 private:
  std::string name_;
  std::vector<data::NamedColumn> columns_;
  std::vector<Places> places_;  // what the columns look into
  std::vector<Integers> integers_;
  std::vector<Reals> reals_;
};

// Reads and prepares the log of the options' files, or of `columns` unless that is null. Throws a Failure.
[[nodiscard]] pipeline::PreparedLog read_log(const cli::LogOptions& options, const FrameColumns* columns,
                                             data::SplitKind split, WatchedWork& work, data::ReadReport& report);

}  // namespace sotto::python
