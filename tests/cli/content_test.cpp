// Items known by what is written about them, or by vectors from somebody else's model.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

constexpr int log_items = 20;

void write_items(const Workplace& place) {
  std::string items = "item_id,title,category\n";
  for (int item = 0; item < log_items; ++item) {
    items += "item" + std::to_string(item) + ",Lamp " + std::to_string(item) + ",Light\n";
  }
  write(place.path("items.csv"), items + "brand-new,Lamp of tomorrow,Light\n");
}

// A .npy file of zeros and ones: [rows × 2].
void write_vectors(const Workplace& place, int rows) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", 2), }";
  header.append(117 - header.size(), ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\0\x76\0", 10);
  file += header;
  for (int row = 0; row < rows; ++row) {
    file += std::string(row % 2 == 0 ? "\0\0\x80\x3f\0\0\0\0" : "\0\0\0\0\0\0\x80\x3f", 8);
  }
  write(place.path("vectors.npy"), file);
}

Finished train(const Workplace& place, std::vector<std::string> more) {
  std::vector<std::string> arguments = {
      "train", "--interactions", "log.csv", "--out", "m.safetensors", "--epochs", "2", "--embedding-dim",
      "8",     "--hidden-dim",   "8"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return place.run(arguments);
}

std::size_t items_of_model(const Workplace& place) {
  const Finished inspected = place.run({"inspect", "m.safetensors", "--json"});
  REQUIRE(inspected.code == 0);
  return parse(inspected.out)["architecture"]["items"];
}

}  // namespace

TEST_CASE("an item of the catalogue that nobody has touched is in the model") {
  const Workplace place;
  write_items(place);
  const Finished trained = train(place, {"--items", "items.csv"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(trained.err.find("sotto train: items are learned from their content, too: 21 of 21 are described") !=
        std::string::npos);
  CHECK(items_of_model(place) == log_items + 1);
  const Finished evaluated = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  const Json evaluation = parse(evaluated.out);
  CHECK(evaluation["log_matches_training"] == true);
  CHECK(evaluation["items"] == log_items + 1);
  CHECK(evaluation["arms"].contains("counts"));

  REQUIRE(train(place, {"--items", "items.csv", "--no-content"}).code == 0);
  CHECK(items_of_model(place) == log_items);
}

TEST_CASE("items are learned from given vectors") {
  const Workplace place;
  write_items(place);
  write_vectors(place, log_items + 1);
  const Finished trained = train(place, {"--items", "items.csv", "--item-vectors", "vectors.npy"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  CHECK(items_of_model(place) == log_items + 1);

  write_vectors(place, 5);
  const Finished too_few = train(place, {"--items", "items.csv", "--item-vectors", "vectors.npy"});
  CHECK(too_few.code == 1);
  CHECK(too_few.err.find("vectors.npy: it has 5 rows, and items.csv has 21; there must be one for each") !=
        std::string::npos);
  const Finished no_items = train(place, {"--item-vectors", "vectors.npy"});
  CHECK(no_items.code == 1);
  CHECK(no_items.err.find("--item-vectors needs --items") != std::string::npos);
  CHECK(train(place, {"--items", "items.csv", "--item-vectors", "vectors.npy", "--no-content"}).code == 1);
  const Finished free_head = train(place, {"--items", "items.csv", "--free-head"});
  CHECK(free_head.code == 1);
  CHECK(free_head.err.find("item features need a tied head or a binary one") != std::string::npos);
}
