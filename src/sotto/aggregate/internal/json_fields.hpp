// Reads the members of a JSON object. Only sources include it.
#pragma once

#include <sotto/base/base64url.hpp>
#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::aggregate {

inline constexpr std::uint64_t max_json_integer = (std::uint64_t{1} << 53) - 1;  // that JavaScript counts exactly

// The first failure stays, and from then on every member reads as zero or empty, so that a caller checks once, at the
// end. Members that are not asked for are left alone.
class JsonFields {
 public:
  // Parses a text. Fails with malformed, or wrong_type for a value that is no object.
  explicit JsonFields(std::string_view text);

  [[nodiscard]] bool ok() const noexcept { return status_.ok(); }
  [[nodiscard]] Status status() const { return status_; }
  void fail(ErrorCode code, std::string detail);

  // The names of members with their parents, "slots.count". Numbers are whole.
  std::uint64_t integer(std::string_view path, std::uint64_t min, std::uint64_t max);
  // A number of thousandths.
  std::uint32_t thousandths(std::string_view path, std::uint32_t max);
  bool boolean(std::string_view path);
  std::string text(std::string_view path, std::size_t min_bytes, std::size_t max_bytes);
  sync::Bytes bytes(std::string_view path, std::size_t max_bytes);
  void fixed_bytes(std::string_view path, std::span<std::byte> out);
  [[nodiscard]] bool is_null(std::string_view path);
  // The elements of an array, each an object.
  std::vector<JsonFields> objects(std::string_view path, std::size_t max);

 private:
  explicit JsonFields(nlohmann::json object) : object_(std::move(object)), status_(Ok{}) {}
  // Returns the member, or fails with missing and returns nothing.
  const nlohmann::json* member(std::string_view path);

  nlohmann::json object_;
  Status status_;
};

}  // namespace sotto::aggregate
