// The front door for programs: a model file opened, checked and ready to recommend.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/session.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace sotto {

// Immovable behind its pointer, because sessions keep a reference to the engine.
class Recommender {
 public:
  // Validates the bytes of a fixed-point model file; they are not needed afterwards.
  [[nodiscard]] static Result<std::unique_ptr<Recommender>> open(std::span<const std::byte> file,
                                                                 const Kernels& kernels = best_kernels());

  [[nodiscard]] const ModelInfo& info() const noexcept { return info_; }
  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
  // A user without history. The recommender must outlive the session.
  [[nodiscard]] Session new_session() const { return Session(engine_); }

 private:
  Recommender(FixedModel&& model, std::uint64_t fingerprint, const Kernels& kernels)
      : engine_(model, fingerprint, kernels), info_(std::move(model.info)) {}

  Engine engine_;
  ModelInfo info_;
};

}  // namespace sotto
