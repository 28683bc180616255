// Parameters of PostgreSQL's statements in its binary format: numbers in network order, arrays of one dimension.
// Texts are sent and stored as bytea, so that the database's encoding and collation do not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::store {

class PostgresValues {
 public:
  PostgresValues& add(std::int64_t value);
  PostgresValues& add(std::uint64_t value) { return add(static_cast<std::int64_t>(value)); }
  PostgresValues& add(std::string_view bytes);
  PostgresValues& add(std::span<const std::byte> bytes) { return add(text_of(bytes)); }
  PostgresValues& add(const std::vector<std::int64_t>& values);
  PostgresValues& add(const std::vector<float>& values);
  // Of texts, or of parts of bytes.
  PostgresValues& add(const std::vector<std::string_view>& values);

  [[nodiscard]] static std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] const std::vector<unsigned>& types() const noexcept { return types_; }
  [[nodiscard]] const std::string& value(std::size_t index) const { return values_[index]; }

 private:
  std::vector<unsigned> types_;  // PostgreSQL's numbers of types
  std::vector<std::string> values_;
};

}  // namespace sotto::store
