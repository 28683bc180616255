#include <sotto/store/internal/postgres_values.hpp>

#include <bit>
#include <utility>

namespace sotto::store {
namespace {

// From PostgreSQL's catalog/pg_type.dat. They never change.
constexpr unsigned bytea_type = 17;
constexpr unsigned int8_type = 20;
constexpr unsigned float4_type = 700;
constexpr unsigned bytea_array_type = 1001;
constexpr unsigned int8_array_type = 1016;
constexpr unsigned float4_array_type = 1021;

template <class Number>
void put_number(std::string& out, Number number) {
  for (int shift = 8 * static_cast<int>(sizeof(Number)) - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift & 0xffU);
}

std::string array_header(unsigned element_type, std::size_t count) {
  std::string out;
  put_number(out, std::uint32_t{count == 0 ? 0U : 1U});  // dimensions
  put_number(out, std::uint32_t{0});  // no NULLs
  put_number(out, std::uint32_t{element_type});
  if (count == 0) return out;
  put_number(out, static_cast<std::uint32_t>(count));
  put_number(out, std::uint32_t{1});  // the first one's index
  return out;
}

}  // namespace

PostgresValues& PostgresValues::add(std::int64_t value) {
  std::string out;
  put_number(out, static_cast<std::uint64_t>(value));
  types_.push_back(int8_type);
  values_.push_back(std::move(out));
  return *this;
}

PostgresValues& PostgresValues::add(std::string_view bytes) {
  types_.push_back(bytea_type);
  values_.emplace_back(bytes);
  return *this;
}

PostgresValues& PostgresValues::add(const std::vector<std::int64_t>& values) {
  std::string out = array_header(int8_type, values.size());
  for (const std::int64_t value : values) {
    put_number(out, std::uint32_t{8});
    put_number(out, static_cast<std::uint64_t>(value));
  }
  types_.push_back(int8_array_type);
  values_.push_back(std::move(out));
  return *this;
}

PostgresValues& PostgresValues::add(const std::vector<float>& values) {
  std::string out = array_header(float4_type, values.size());
  for (const float value : values) {
    put_number(out, std::uint32_t{4});
    put_number(out, std::bit_cast<std::uint32_t>(value));
  }
  types_.push_back(float4_array_type);
  values_.push_back(std::move(out));
  return *this;
}

PostgresValues& PostgresValues::add(const std::vector<std::string_view>& values) {
  std::string out = array_header(bytea_type, values.size());
  for (const std::string_view value : values) {
    put_number(out, static_cast<std::uint32_t>(value.size()));
    out += value;
  }
  types_.push_back(bytea_array_type);
  values_.push_back(std::move(out));
  return *this;
}

}  // namespace sotto::store
