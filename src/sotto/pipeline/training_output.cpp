#include <sotto/pipeline/training_output.hpp>

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace sotto::pipeline {

std::filesystem::path checkpoint_beside(const std::filesystem::path& model) {
  return std::filesystem::path(model).replace_extension(".checkpoint");
}

TrainingOutput::TrainingOutput(std::filesystem::path fixed_file, app::FileLock lock)
    : fixed_file_(std::move(fixed_file)), lock_(std::move(lock)) {}

Result<TrainingOutput> TrainingOutput::take(const std::filesystem::path& fixed_file, bool resume, bool force) {
  auto lock = app::FileLock::take(fixed_file);
  if (!lock) return std::move(lock).error();
  const std::filesystem::path checkpoint = checkpoint_beside(fixed_file);
  std::error_code error;
  if (!resume && !force && std::filesystem::exists(checkpoint, error)) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("'{}' holds an interrupted training; go on with it by --resume, start again without it by "
                             "--force, or name another --out",
                             checkpoint.string())};
  }
  return TrainingOutput(fixed_file, std::move(*lock));
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
