// The entry point for programs. It opens and checks a model file, and has the engine that runs it.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/engine.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace sotto {

// It stays behind its pointer, because sessions and workspaces point to its engine.
class Recommender {
 public:
  // Validates the bytes of a fixed-point model file and keeps them, because the engine works on the weights in them.
  [[nodiscard]] static Result<std::unique_ptr<Recommender>> open(AlignedBuffer<std::byte> file,
                                                                 const InfoReaders& readers = read_info,
                                                                 const Kernels& kernels = best_kernels());
  // Does the same with a copy of the bytes. The caller may free its own bytes afterwards.
  [[nodiscard]] static Result<std::unique_ptr<Recommender>> open(std::span<const std::byte> file,
                                                                 const Kernels& kernels = best_kernels());

  // The fields that the readers took from the file.
  [[nodiscard]] const ModelInfo& info() const noexcept { return info_; }
  [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
  // Calls Engine::sketch_head.
  void sketch_head() { engine_.sketch_head(); }

 private:
  Recommender(AlignedBuffer<std::byte> file, FixedModel&& model, std::uint64_t fingerprint, const Kernels& kernels)
      : file_(std::move(file)),
        engine_(std::move(model.weights), model.info.architecture, fingerprint, kernels),
        info_(std::move(model.info)) {}

  AlignedBuffer<std::byte> file_;
  Engine engine_;
  ModelInfo info_;
};

}  // namespace sotto
