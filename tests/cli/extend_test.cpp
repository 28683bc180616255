// 'sotto extend' from the outside. $SOTTO_CLI names the program.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <string>

namespace {

using namespace sotto::test;
using Catch::Matchers::ContainsSubstring;

std::string shipped_model() {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return std::string(source) + "/models/online-retail/model.safetensors";
}

}  // namespace

TEST_CASE("items are added to a model, and known ones stay as they are") {
  const Workplace place;
  const Json before = parse(place.run({"inspect", shipped_model(), "--json"}).out);
  const auto& known = before["catalogue"]["items"][0];
  const std::string id = known["item_id"];
  write(place.path("new.csv"), "item_id,title,price\nFRESH1,Fresh teapot,3.50\n" + id + ",Another title,9\nFRESH2,,\n");
  const Finished extended =
      place.run({"extend", "--model", shipped_model(), "--items", "new.csv", "--out", "more.safetensors", "--json"});
  CAPTURE(extended.err);
  REQUIRE(extended.code == 0);
  CHECK(parse(extended.out)["added"] == 2);
  const Json after = parse(place.run({"inspect", "more.safetensors", "--json"}).out);
  CHECK(after["architecture"]["items"] == before["architecture"]["items"].get<int>() + 2);
  CHECK(after["catalogue"]["items"][0] == known);
  // The catalogue is text inside the file.
  const std::string file = contents(place.path("more.safetensors"));
  CHECK(file.find("\"FRESH1\",\"FRESH2\"]") != std::string::npos);
  CHECK(file.find("Fresh teapot") != std::string::npos);
  CHECK(file.find("Another title") == std::string::npos);
}

TEST_CASE("a file that cannot extend a model is refused, and nothing is written") {
  const Workplace place;
  write(place.path("bad.csv"), "item_id,title,price\nFRESH1,Teapot,cheap\n");
  write(place.path("euros.csv"), "item_id,title,price,currency\nFRESH1,Teapot,3,EUR\n");
  for (const auto& [file, reason] : {std::pair{"bad.csv", "cheap"}, std::pair{"euros.csv", "EUR"}}) {
    const Finished refused =
        place.run({"extend", "--model", shipped_model(), "--items", file, "--out", "more.safetensors"});
    CHECK(refused.code == 1);
    CHECK_THAT(refused.err, ContainsSubstring(file) && ContainsSubstring(reason));
    CHECK(!fs::exists(place.path("more.safetensors")));
  }
}
