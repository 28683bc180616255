#include <sotto/app/output_files.hpp>

#include "../data/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace sotto;

namespace {

std::string problem_of(const std::filesystem::path& out) {
  const std::vector<app::OutputFile> outputs{{"--out", out, app::FileKind::fixed_model}};
  const auto checked = app::check_outputs({}, outputs, false);
  return checked ? std::string() : checked.error().detail;
}

}  // namespace

TEST_CASE("a place where no file can be written is known beforehand") {
  const test::TemporaryFolder folder;
  CHECK(problem_of(folder.path() / "new").empty());
  CHECK(problem_of(folder.path()).find("it is a folder") != std::string::npos);
  CHECK(problem_of(folder.path() / "none" / "new").find("its folder: ") != std::string::npos);
}

TEST_CASE("two outputs with one name are refused before anything exists") {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink("m", folder.path() / "link");
  const std::vector<app::OutputFile> outputs{{"--out", folder.path() / "m", app::FileKind::fixed_model},
                                             {"--html", folder.path() / "link", app::FileKind::page}};
  const auto checked = app::check_outputs({}, outputs, true);
  REQUIRE_FALSE(checked.ok());
  CHECK(checked.error().detail.find("is what --out writes") != std::string::npos);
}
