// Where a training puts its model: the fixed-point model, the float model beside it, and a checkpoint until both are
// there.
#pragma once

#include <sotto/app/file_lock.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/pipeline/train_model.hpp>

#include <filesystem>
#include <vector>

namespace sotto::pipeline {

// "model.safetensors" → "model.checkpoint".
[[nodiscard]] std::filesystem::path checkpoint_beside(const std::filesystem::path& model);
// "model.safetensors" → "model.final.checkpoint".
[[nodiscard]] std::filesystem::path final_checkpoint_beside(const std::filesystem::path& model);

// Held by one training at a time. Each of the files has a lock of its own, because models of different names may share
// one: "m.1" and "m.2" have the checkpoint "m.checkpoint".
class TrainingOutput {
 public:
  // Fails where another run writes this model or one of its files, where it cannot be a file, and where a checkpoint
  // waits that is neither to be resumed nor, with `force`, to be lost: an interrupted training may be hours of work.
  [[nodiscard]] static Result<TrainingOutput> take(const std::filesystem::path& fixed_file, bool resume, bool force);

  [[nodiscard]] std::filesystem::path checkpoint() const { return checkpoint_beside(fixed_file_); }

  // Writes the pair of models. The checkpoint of a finished training is removed.
  [[nodiscard]] Result<app::SavedPair> save(const TrainedModel& model) const;

 private:
  TrainingOutput(std::filesystem::path fixed_file, std::vector<app::FileLock> locks);

  std::filesystem::path fixed_file_;
  std::vector<app::FileLock> locks_;
};

}  // namespace sotto::pipeline
