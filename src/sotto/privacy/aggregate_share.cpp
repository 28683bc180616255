#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/internal/field_vector.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sotto::privacy {
namespace {

Status check_length(std::size_t length, std::size_t expected) {
  if (length == expected) return Ok{};
  return Error{ErrorCode::invalid_argument,
               "a vector has " + std::to_string(length) + " elements, expected " + std::to_string(expected)};
}

// Noise is secret, its sign too.
Field128 of_signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  const std::uint64_t negative = mask_of(bits >> 63);
  const Field128 magnitude{(bits ^ negative) - negative};
  const Field128 opposite = -magnitude;
  return Field128::from_words(select(negative, opposite.low(), magnitude.low()),
                              select(negative, opposite.high(), magnitude.high()));
}

Error sum_error(std::size_t index, std::string_view problem) {
  return {ErrorCode::out_of_range, "sum " + std::to_string(index) + " " + std::string{problem}};
}

}  // namespace

Result<AggregateShare> AggregateShare::decode(std::span<const std::byte> bytes, std::size_t length) {
  if (bytes.size() != length * Field128::encoded_bytes) {
    return Error{ErrorCode::malformed, "the aggregate share has " + std::to_string(bytes.size()) + " bytes, expected " +
                                           std::to_string(length * Field128::encoded_bytes)};
  }
  AggregateShare share{length};
  if (!decode_elements(bytes, std::span{share.elements_})) {
    return Error{ErrorCode::out_of_range, "the aggregate share has an element that is not below the field's modulus"};
  }
  return share;
}

std::vector<std::byte> AggregateShare::encode() const {
  const auto bytes = encoding_of(elements());
  return {bytes.begin(), bytes.end()};
}

Status AggregateShare::add(std::span<const Field128> output_share) {
  if (Status status = check_length(output_share.size(), length()); !status) return status;
  add_to(std::span{elements_}, output_share);
  return Ok{};
}

Status AggregateShare::merge(const AggregateShare& other) { return add(other.elements()); }

Status AggregateShare::add_noise(std::span<const std::int64_t> noise) {
  if (Status status = check_length(noise.size(), length()); !status) return status;
  for (std::size_t i = 0; i < noise.size(); ++i) elements_[i] += of_signed(noise[i]);
  return Ok{};
}

Result<std::vector<std::uint64_t>> unshard(const AggregateShare& leader, const AggregateShare& helper,
                                           std::uint64_t reports) {
  if (Status status = check_length(helper.length(), leader.length()); !status) return std::move(status).error();
  std::vector<std::uint64_t> sums(leader.length());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const Field128 sum = leader.elements()[i] + helper.elements()[i];
    if (sum.high() != 0 || sum.low() > reports) {
      return sum_error(i, "exceeds the number of reports, " + std::to_string(reports));
    }
    sums[i] = sum.low();
  }
  return sums;
}

Result<std::vector<std::int64_t>> unshard_signed(const AggregateShare& leader, const AggregateShare& helper) {
  if (Status status = check_length(helper.length(), leader.length()); !status) return std::move(status).error();
  constexpr std::uint64_t largest = 0x7fff'ffff'ffff'ffff;
  std::vector<std::int64_t> sums(leader.length());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const Field128 sum = leader.elements()[i] + helper.elements()[i];
    const Field128 opposite = -sum;
    if (sum.high() == 0 && sum.low() <= largest) {
      sums[i] = static_cast<std::int64_t>(sum.low());
    } else if (opposite.high() == 0 && opposite.low() <= largest + 1) {
      sums[i] = static_cast<std::int64_t>(0 - opposite.low());
    } else {
      return sum_error(i, "does not fit into a signed number of 64 bits");
    }
  }
  return sums;
}

}  // namespace sotto::privacy
