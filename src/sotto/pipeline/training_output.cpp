#include <sotto/pipeline/training_output.hpp>

#include <fmt/format.h>

#include <array>
#include <system_error>
#include <utility>

namespace sotto::pipeline {
namespace {

// A device would be written through, but a checkpoint is removed at the end, and nothing belongs beside a device.
Status check_is_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return Ok{};
  return Error{ErrorCode::io, fmt::format("cannot write '{}': it is not a file, and a training needs files for its "
                                          "models and checkpoints; name another --out",
                                          file.string())};
}

std::array<std::filesystem::path, 4> files_of(const std::filesystem::path& model) {
  return {model, app::float_sibling(model), checkpoint_beside(model), final_checkpoint_beside(model)};
}

}  // namespace

std::filesystem::path checkpoint_beside(const std::filesystem::path& model) {
  return std::filesystem::path(model).replace_extension(".checkpoint");
}

std::filesystem::path final_checkpoint_beside(const std::filesystem::path& model) {
  return final_checkpoint(checkpoint_beside(model));
}

TrainingOutput::TrainingOutput(std::filesystem::path fixed_file, std::vector<app::FileLock> locks)
    : fixed_file_(std::move(fixed_file)), locks_(std::move(locks)) {}

Result<TrainingOutput> TrainingOutput::take(const std::filesystem::path& fixed_file, bool resume, bool force) {
  const auto files = files_of(fixed_file);
  for (const auto& file : files) {
    if (auto possible = check_is_file(file); !possible) return std::move(possible).error();
  }
  std::vector<app::FileLock> locks;
  for (const auto& file : files) {
    auto lock = app::FileLock::take(file);
    if (!lock) return std::move(lock).error();
    locks.push_back(std::move(lock).value());
  }
  // "m.final.checkpoint" alone is of a training to "m.final.safetensors".
  for (const auto& file : {checkpoint_beside(fixed_file), final_checkpoint_beside(fixed_file)}) {
    std::error_code error;
    if (resume || force || !std::filesystem::exists(file, error)) continue;
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' holds an interrupted training; go on with it by --resume, start again without it by "
                             "--force, or name another --out",
                             file.string())};
  }
  return TrainingOutput(fixed_file, std::move(locks));
}

Result<app::SavedPair> TrainingOutput::save(const TrainedModel& model) const {
  auto written = app::save_pair(model.fixed, model.original, fixed_file_);
  if (written && model.finished) {
    std::error_code ignored;  // a checkpoint that stays does no harm
    std::filesystem::remove(checkpoint(), ignored);
    std::filesystem::remove(final_checkpoint(checkpoint()), ignored);
  }
  return written;
}

}  // namespace sotto::pipeline
