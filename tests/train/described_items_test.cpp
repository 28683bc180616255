#include "../data/temporary_folder.hpp"
#include "../support/small_logs.hpp"

#include <sotto/train/described_items.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>

namespace sotto::train {
namespace {

TEST_CASE("features of texts can be compared, and those of vectors cannot", "[train][described_items]") {
  const test::TemporaryFolder folder;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name, std::ios::binary) << text;
    return folder.path() / name;
  };
  const auto log = test::make_log({{0, 1}, {1, 0}});
  const auto items = write("items.csv", "item_id,title\n" + log.item_ids[0] + ",lamp\n" + log.item_ids[1] + ",desk\n");
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
  header.resize(117, ' ');  // 128 bytes with the 10 before it and the end of the line
  const std::string numbers("\0\0\x80\x3f\0\0\0\x40", 8);  // 1 and 2
  const auto vectors = write("vectors.npy", std::string("\x93NUMPY\x01\0\x76\0", 10) + header + '\n' + numbers);

  ItemSources sources;
  sources.items_file = items;
  const auto of_texts = describe_items(log, sources);
  REQUIRE(of_texts);
  CHECK(of_texts->described == 2);
  CHECK(of_texts->has_texts);
  sources.vectors_file = vectors.string();
  const auto of_vectors = describe_items(log, sources);
  REQUIRE(of_vectors);
  CHECK(of_vectors->described == 2);
  CHECK_FALSE(of_vectors->has_texts);
  CHECK_FALSE(describe_items(log, {})->has_texts);
}

}  // namespace
}  // namespace sotto::train
