#include <sotto/data/files.hpp>

#include "log_text.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace sotto;
using sotto::test::bytes_of;

TEST_CASE("files are written whole and leave nothing beside them") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "model";
  REQUIRE(data::write_file_atomically(file, bytes_of("first")).ok());
  REQUIRE(data::write_file_atomically(file, bytes_of("second")).ok());
  const auto bytes = data::read_file(file);
  REQUIRE(bytes.ok());
  CHECK(std::ranges::equal(*bytes, bytes_of("second")));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("failures name the file and the reason and leave the old file") {
  const test::TemporaryFolder folder;
  const auto missing = data::read_file(folder.path() / "nothing");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().detail ==
        "cannot open '" + (folder.path() / "nothing").string() + "': No such file or directory");
  CHECK(data::read_file(folder.path()).error().code == ErrorCode::io);

  const auto nowhere = data::write_file_atomically(folder.path() / "no" / "model", bytes_of("x"));
  REQUIRE_FALSE(nowhere.ok());
  CHECK(nowhere.error().detail.ends_with("': No such file or directory"));

  // A folder in the way of the rename: the temporary file is gone afterwards.
  std::filesystem::create_directories(folder.path() / "taken" / "inside");
  CHECK_FALSE(data::write_file_atomically(folder.path() / "taken", bytes_of("x")).ok());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}
