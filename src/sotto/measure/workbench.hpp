// One tier's engine with the users and events that the tasks need.
#pragma once

#include <sotto/measure/task.hpp>
#include <sotto/runtime/recommender.hpp>
#include <sotto/runtime/session.hpp>
#include <sotto/runtime/session_group.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sotto::measure {

// The bytes that the kernels read, including padding.
[[nodiscard]] std::vector<std::span<const std::int8_t>> weights_of(const Engine& engine, WeightPart part);

class Workbench {
 public:
  // The file's bytes must outlive the workbench. Fails with the errors of opening the file.
  [[nodiscard]] static Result<std::unique_ptr<Workbench>> open(std::span<const std::byte> file, const Kernels& kernels,
                                                               std::uint64_t seed);

  // Prepares the data that a task needs. Precondition: the architecture can run the task.
  void prepare(Task task);
  // Runs one call of a prepared task. The return value depends on the result and is the same in every tier.
  std::uint32_t run(Task task);

  [[nodiscard]] const Engine& engine() const noexcept { return recommender_->engine(); }
  [[nodiscard]] std::size_t stored_state_bytes() const noexcept { return stored_state_.size(); }

 private:
  Workbench(std::span<const std::byte> file, std::unique_ptr<Recommender> recommender, std::uint64_t seed);

  void observe_next();
  void observe_next_of_group();
  [[nodiscard]] Session session_of(UserState& user) noexcept { return {engine(), user, workspace_}; }
  [[nodiscard]] std::uint32_t best_item(Session session) noexcept;
  [[nodiscard]] std::uint32_t best_scored() noexcept;
  void restore_stored_user();
  [[nodiscard]] std::uint32_t open_again() const;

  std::span<const std::byte> file_;
  std::unique_ptr<Recommender> recommender_;
  std::vector<ItemIndex> events_;
  std::size_t next_event_ = 0;
  Workspace workspace_;  // shared by all users
  UserState current_;   // for single events and for replays
  UserState restored_;  // imported from the stored state repeatedly
  std::vector<std::vector<std::int32_t>> scored_;  // the scores of several users
  std::size_t next_scored_ = 0;
  SessionGroup group_;
  std::vector<UserState> users_;  // users that are advanced together
  std::vector<UserState*> grouped_;
  std::size_t next_group_event_ = 0;
  std::vector<std::byte> stored_state_;
  std::array<ScoredItem, recommended_items> best_{};
};

}  // namespace sotto::measure
