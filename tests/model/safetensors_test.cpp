#include <sotto/base/internal/bytes.hpp>
#include <sotto/model/safetensors.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

// A container with this header and that many zero data bytes.
std::vector<std::byte> file_with(std::string_view header, std::size_t data_bytes) {
  std::vector<std::byte> file(8 + header.size() + data_bytes);
  sotto::store_le<std::uint64_t>(file.data(), header.size());
  for (std::size_t i = 0; i < header.size(); ++i) file[8 + i] = static_cast<std::byte>(header[i]);
  return file;
}

}  // namespace

TEST_CASE("tensors and metadata survive a round trip, aligned", "[model][safetensors]") {
  const std::vector<std::int32_t> wide{1, -2, 3};
  const std::vector<std::int8_t> narrow{4, -5};
  const std::vector<sotto::NamedTensor> tensors{
      {"wide", {sotto::TensorType::i32, {3}, std::as_bytes(std::span(wide))}},
      {"narrow", {sotto::TensorType::i8, {1, 2}, std::as_bytes(std::span(narrow))}}};
  const auto file = sotto::write_safetensors({{"key", "välue \"quoted\""}}, tensors);

  CHECK((sotto::load_le<std::uint64_t>(file.data()) + 8) % 64 == 0);
  const auto parsed = sotto::parse_safetensors(file);
  REQUIRE(parsed.ok());
  CHECK(parsed->metadata.at("key") == "välue \"quoted\"");
  CHECK(parsed->tensors.at("narrow").shape == sotto::TensorShape{1, 2});
  CHECK(sotto::load_le<std::int32_t>(parsed->tensors.at("wide").bytes.data() + 4) == -2);
}

TEST_CASE("broken containers are refused by name", "[model][safetensors]") {
  struct Broken {
    std::vector<std::byte> file;
    sotto::ErrorCode code;
    std::string_view detail;
  };
  std::vector<std::byte> huge(16);
  sotto::store_le<std::uint64_t>(huge.data(), ~std::uint64_t{0});
  const Broken cases[] = {
      {{}, sotto::ErrorCode::truncated, "the file is empty"},
      {std::vector<std::byte>(5), sotto::ErrorCode::truncated, "5 bytes"},
      {huge, sotto::ErrorCode::malformed, "header size at byte 0"},
      {file_with("[1]", 0), sotto::ErrorCode::malformed, "does not start with '{'"},
      {file_with("{\"a\":", 0), sotto::ErrorCode::malformed, "not valid JSON"},
      {file_with(R"({"a":{"dtype":"F8","shape":[1],"data_offsets":[0,8]}})", 8), sotto::ErrorCode::wrong_type, "'F8'"},
      {file_with(R"({"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}})", 3), sotto::ErrorCode::truncated,
       "ends at data byte 4"},
      {file_with(R"({"a":{"dtype":"I8","shape":[4],"data_offsets":[0,3]}})", 3), sotto::ErrorCode::wrong_shape,
       "needs 4 bytes"},
      {file_with(R"({"a":{"dtype":"I8","shape":[-1],"data_offsets":[0,3]}})", 3), sotto::ErrorCode::malformed, "-1"},
      {file_with(R"({"a":{"dtype":"I32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0),
       sotto::ErrorCode::malformed, "overflows"},
      {file_with(R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}})", 3), sotto::ErrorCode::malformed,
       "starts at data byte 1"},
      {file_with(
           R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}})",
           3),
       sotto::ErrorCode::malformed, "overlap"},
      {file_with(R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]}})", 3), sotto::ErrorCode::malformed,
       "3 data bytes"},
      {file_with(R"({"__metadata__":{"a":1}})", 0), sotto::ErrorCode::malformed, "'a' is not a string"},
  };
  for (const auto& broken : cases) {
    const auto parsed = sotto::parse_safetensors(broken.file);
    INFO("expected: " << broken.detail);
    REQUIRE_FALSE(parsed.ok());
    INFO("got: " << parsed.error().detail);
    CHECK(parsed.error().code == broken.code);
    CHECK(parsed.error().detail.find(broken.detail) != std::string::npos);
  }
}
