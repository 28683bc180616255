// A registry in a folder of its own, and small models for it.
#pragma once

#include <sotto/model/model_file.hpp>
#include <sotto/serve/registry.hpp>

#include "../data/temporary_folder.hpp"
#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

inline std::vector<std::byte> small_model_file(std::uint64_t seed) {
  return serialize(random_fixed_model({.items = 12, .embedding_dim = 8, .hidden_dim = 8, .layers = 1}, seed));
}

inline void write_bytes(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(stream.good());
}

class ModelFolder {
 public:
  [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "models"; }
  [[nodiscard]] std::filesystem::path beside(const std::string& name) const { return folder_.path() / name; }

  // Without polling: a test calls poll().
  [[nodiscard]] Result<std::unique_ptr<serve::Registry>> try_open(std::size_t kept_versions = 2) {
    serve::RegistryOptions options;
    options.folder = path();
    options.poll = std::chrono::hours(1);
    options.kept_versions = kept_versions;
    options.prepare_encodings = prepare_encodings;
    return serve::Registry::open(std::move(options), log, metrics, [this] { return ++now; });
  }
  [[nodiscard]] std::unique_ptr<serve::Registry> open(std::size_t kept_versions = 2) {
    auto registry = try_open(kept_versions);
    INFO((registry ? "" : registry.error().detail));
    REQUIRE(registry);
    return std::move(registry).value();
  }
  // Every file in the folder, by its path below it.
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path())) {
      if (entry.is_regular_file()) all.push_back(entry.path().lexically_relative(path()).string());
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  bool prepare_encodings = false;
  std::ostringstream lines;
  app::Logger log = app::Logger::to_stream("sotto serve", app::LogFormat::text, lines);
  serve::Metrics metrics;
  std::atomic<std::int64_t> now{1'700'000'000};

 private:
  TemporaryFolder folder_;
};

inline std::string added(serve::Registry& registry, const std::string& name, std::span<const std::byte> file) {
  const auto result = registry.add(name, file);
  INFO((result ? "" : result.error().detail));
  REQUIRE(result);
  return result->version;
}

}  // namespace sotto::test
