// Takes the fields of a JSON object one by one. The first thing that is wrong becomes the fault.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::stream {

inline constexpr std::size_t max_id = 1024;  // bytes of an item's id or a category

// What is wrong with an object.
struct FieldFault {
  std::string code;  // a stable name: missing_field, bad_value, unknown_field …
  std::string message;  // a sentence for people
  std::string field;  // the field whose value is wrong; empty for other faults
};

class FieldReader {
 public:
  // `place` stands before the names in messages, such as "events[3]."; empty for the body itself. The object must
  // outlive the reader.
  FieldReader(const nlohmann::json& object, std::string place);

  // Each takes a field, which is then known. An absent field gives nothing; null is a value of the wrong type.
  [[nodiscard]] const nlohmann::json* take(std::string_view name);
  [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t max_bytes);
  [[nodiscard]] std::optional<std::uint64_t> whole(std::string_view name, std::uint64_t low, std::uint64_t high);
  [[nodiscard]] std::optional<double> number(std::string_view name, double low, double high);
  [[nodiscard]] bool flag(std::string_view name);
  // Texts of 1 … max_id bytes.
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t max_count);
  // A user's id (user_id.hpp).
  [[nodiscard]] std::optional<std::string> user();

  // Refuses the fields that nobody took.
  void refuse_others();
  void refuse(std::string code, std::string message);
  [[nodiscard]] std::string named(std::string_view name) const { return "'" + place_ + std::string(name) + "'"; }
  [[nodiscard]] const std::optional<FieldFault>& fault() const noexcept { return fault_; }

 private:
  void refuse_value(std::string_view name, std::string message);

  const nlohmann::json& object_;
  std::string place_;
  std::vector<std::string_view> taken_;
  std::optional<FieldFault> fault_;
};

}  // namespace sotto::stream
