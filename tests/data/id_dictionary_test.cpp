#include <sotto/data/chunked_column.hpp>
#include <sotto/data/id_dictionary.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>

using namespace sotto;

TEST_CASE("a dictionary finds what was put in, through every growth") {
  data::IdDictionary dictionary;
  const auto id_of = [](std::uint32_t i) { return i == 0 ? std::string() : "id" + std::to_string(i * 7919U); };
  constexpr std::uint32_t count = 100'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string id = id_of(i);
    const auto hash = data::IdDictionary::hash(id);
    REQUIRE_FALSE(dictionary.find(id, hash));
    REQUIRE(dictionary.insert(id, hash) == i);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string id = id_of(i);
    REQUIRE(dictionary.find(id, data::IdDictionary::hash(id)) == i);
  }
  CHECK_FALSE(dictionary.find("id", data::IdDictionary::hash("id")));
  const data::IdList ids = dictionary.release();
  CHECK(ids.size() == count);
  CHECK(ids[0].empty());
  CHECK(ids[count - 1] == id_of(count - 1));
  CHECK(dictionary.size() == 0);
}

TEST_CASE("ids whose hashes agree are kept apart") {
  data::IdDictionary dictionary;
  constexpr std::uint64_t hash = 42;
  CHECK(dictionary.insert("a", hash) == 0);
  CHECK(dictionary.insert("b", hash) == 1);
  CHECK(dictionary.find("a", hash) == 0);
  CHECK(dictionary.find("b", hash) == 1);
  CHECK_FALSE(dictionary.find("c", hash));
}

TEST_CASE("a column keeps its values across chunks and is empty when it has been consumed") {
  data::ChunkedColumn<std::uint32_t> column;
  constexpr std::uint32_t count = (1U << 19U) + 3;
  for (std::uint32_t i = 0; i < count; ++i) column.push_back(i * 3);
  CHECK(column.size() == count);
  CHECK(column[count - 1] == (count - 1) * 3);
  std::size_t right = 0;
  column.consume([&](std::size_t i, std::uint32_t value) { right += value == i * 3 ? 1U : 0U; });
  CHECK(right == count);
  CHECK(column.size() == 0);
}
