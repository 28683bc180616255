#include <sotto/base/hash.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/train/checkpoint.hpp>

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>
#include <utility>

namespace sotto::train {
namespace {

constexpr const char* format_version = "1";

// The names of scalars and arrays, shared by writing and reading.
template <class C, class F>
void for_each_count(C& c, const F& f) {
  f("log_fingerprint", c.log_fingerprint);
  f("seed", c.seed);
  f("epoch", c.epoch);
  f("next_batch", c.next_batch);
  f("step", c.step);
  f("epochs_without_gain", c.epochs_without_gain);
  f("kept_epoch", c.kept_epoch);
  f("events_done", c.events_done);
}
template <class C, class F>
void for_each_real(C& c, const F& f) {
  f("loss_sum", c.loss_sum);
  f("best_validation", c.best_validation);
  f("beta1_power", c.beta1_power);
  f("beta2_power", c.beta2_power);
}
template <class C, class F>
void for_each_array(C& c, const F& f) {
  f("parameters", c.parameters);
  f("first_moment", c.first_moment);
  f("second_moment", c.second_moment);
  f("average", c.average);
  f("kept", c.kept);
  f("carried", c.carried);
}

using Metadata = std::map<std::string, std::string, std::less<>>;

// The checksum covers everything except itself.
std::uint64_t checksum(const Metadata& metadata, const Checkpoint& checkpoint) {
  std::uint64_t hash = 0;
  for (const auto& [key, value] : metadata) {
    if (key == "checksum") continue;
    const std::string line = key + "=" + value;
    hash = xxh64(std::as_bytes(std::span(line)), hash);
  }
  for_each_array(checkpoint, [&hash](const char*, const std::vector<float>& values) {
    hash = xxh64(std::as_bytes(std::span(values)), hash);
  });
  return hash;
}

Error damaged(std::string_view what) {
  return {ErrorCode::malformed, fmt::format("the checkpoint is damaged: {}", what)};
}

}  // namespace

std::vector<std::byte> serialize(const Checkpoint& checkpoint) {
  Metadata metadata{{"format", checkpoint_format_name},
                    {"format_version", format_version},
                    {"settings", checkpoint.settings},
                    {"lineage", checkpoint.lineage}};
  for_each_count(checkpoint,
                 [&](const char* name, std::uint64_t value) { metadata[name] = fmt::format("{:016x}", value); });
  for_each_real(checkpoint, [&](const char* name, double value) {
    metadata[name] = fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value));
  });
  metadata["checksum"] = fmt::format("{:016x}", checksum(metadata, checkpoint));
  std::vector<NamedTensor> tensors;
  for_each_array(checkpoint, [&](const char* name, const std::vector<float>& values) {
    tensors.push_back({name, {TensorType::f32, {values.size()}, std::as_bytes(std::span(values))}});
  });
  return write_safetensors(metadata, tensors);
}

Result<Checkpoint> parse_checkpoint(std::span<const std::byte> bytes) {
  auto file = parse_safetensors(bytes);
  if (!file) return std::move(file).error();
  const auto text = [&file](const char* key) {
    const auto found = file->metadata.find(key);
    return found == file->metadata.end() ? std::string() : found->second;
  };
  if (text("format") != checkpoint_format_name)
    return Error{ErrorCode::unsupported, "this is not a checkpoint of a training"};
  if (text("format_version") != format_version) {
    return Error{ErrorCode::unsupported_version,
                 fmt::format("the checkpoint has version '{}', this build reads version {}", text("format_version"),
                             format_version)};
  }
  Checkpoint checkpoint;
  checkpoint.settings = text("settings");
  checkpoint.lineage = text("lineage");
  const char* bad = nullptr;
  const auto read_hex = [&](const char* name) {
    const std::string digits = text(name);
    if (digits.size() != 16 || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
      bad = name;
      return std::uint64_t{0};
    }
    return static_cast<std::uint64_t>(std::strtoull(digits.c_str(), nullptr, 16));
  };
  for_each_count(checkpoint, [&](const char* name, std::uint64_t& value) { value = read_hex(name); });
  for_each_real(checkpoint, [&](const char* name, double& value) { value = std::bit_cast<double>(read_hex(name)); });
  for_each_array(checkpoint, [&](const char* name, std::vector<float>& values) {
    const auto found = file->tensors.find(name);
    if (found == file->tensors.end() || found->second.type != TensorType::f32) {
      bad = name;
      return;
    }
    values.resize(found->second.bytes.size() / sizeof(float));
    if (!values.empty()) std::memcpy(values.data(), found->second.bytes.data(), found->second.bytes.size());
  });
  const std::uint64_t stored = read_hex("checksum");
  if (bad != nullptr) return damaged(fmt::format("'{}' is missing or malformed", bad));
  if (stored != checksum(file->metadata, checkpoint)) return damaged("its checksum does not fit its bytes");
  return checkpoint;
}

}  // namespace sotto::train
