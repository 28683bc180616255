// 'sotto import' and 'sotto export' from the outside. $SOTTO_CLI names the program.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace sotto::test;
using Catch::Matchers::ContainsSubstring;

std::string in_source_tree(const std::string& path) {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return std::string(source) + "/" + path;
}
std::string fixture(const std::string& name) { return in_source_tree("tests/convert/fixtures/" + name); }

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "item" + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("from a Keras model with a vocabulary to a fixed-point model") {
  const Workplace place;
  write(place.path("ids.txt"), numbered_lines(20));
  write(place.path("items.csv"), "item_id,title\nitem3,Teapot\n");
  const Finished imported = place.run({"import", fixture("keras/stacked.keras"), "--out", "m.safetensors",
                                       "--vocabulary", "ids.txt", "--items", "items.csv", "--json"});
  CAPTURE(imported.err);
  REQUIRE(imported.code == 0);
  const Json result = parse(imported.out);
  CHECK(result["format"] == "keras");
  CHECK(result["made_by"] == "Keras 3.15.1");
  CHECK(result["architecture"]["items"] == 20);
  CHECK(result["architecture"]["head"] == "softmax");
  CHECK(result["notes"].empty());

  const Json inspected = parse(place.run({"inspect", "m.safetensors", "--json"}).out);
  CHECK(inspected["kind"] == "float");
  CHECK(inspected["catalogue"]["items"][3]["item_id"] == "item3");
  CHECK(inspected["catalogue"]["items"][3]["title"] == "Teapot");
  CHECK(inspected["training"]["settings"]["file"] == "stacked.keras");

  // Any log of its items calibrates it: their order in the log is not the model's, and one is unknown.
  write(place.path("log.csv"),
        "user_id,item_id,timestamp\nu,item7,1\nu,item3,2\nu,stranger,3\nv,item19,1\nv,item7,2\nv,item0,3\n");
  const Finished quantized =
      place.run({"quantize", "--model", "m.safetensors", "--interactions", "log.csv", "--out", "fixed.safetensors"});
  CAPTURE(quantized.err);
  REQUIRE(quantized.code == 0);
  CHECK(parse(place.run({"inspect", "fixed.safetensors", "--json"}).out)["kind"] == "fixed");
  write(place.path("other.csv"), "user_id,item_id,timestamp\nu,stranger,1\n");
  const Finished refused =
      place.run({"quantize", "--model", "m.safetensors", "--interactions", "other.csv", "--out", "f.safetensors"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("none of its items is one of m.safetensors"));
}

TEST_CASE("import tells what it left out") {
  const Workplace place;
  const Finished imported = place.run({"import", fixture("tfjs/binary"), "--out", "m.safetensors"});
  REQUIRE(imported.code == 0);
  CHECK_THAT(imported.out, ContainsSubstring("Embedding 19 × 4 → LSTM 1 × 6 → binary head"));
  CHECK_THAT(imported.err, ContainsSubstring("index 0 is padding"));
}

TEST_CASE("a damaged .h5 file on which the HDF5 library crashes is refused like any other") {
  const Workplace place;
  // The first object of the file's heap of strings claims more bytes than there are anywhere. HDF5 1.10.8 copies them.
  std::string file = contents(fixture("keras/softmax.h5"));
  const std::size_t heap = file.find("GCOL");
  REQUIRE(heap != std::string::npos);
  constexpr std::size_t size_of_first_object = 16 + 8;
  file.replace(heap + size_of_first_object, 8, std::string(6, '\xf0') + std::string("\x7f\0", 2));
  write(place.path("damaged.h5"), file);
  const Finished refused = place.run({"import", "damaged.h5", "--out", "m.safetensors"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("damaged.h5: "));
  CHECK_FALSE(fs::exists(place.path("m.safetensors")));
}

TEST_CASE("import names the file and what is wrong, and writes nothing") {
  const Workplace place;
  const auto refusal = [&](const std::string& source, const std::vector<std::string>& further = {}) {
    std::vector<std::string> arguments{"import", source, "--out", "m.safetensors"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    const Finished finished = place.run(arguments);
    CHECK(finished.code == 1);
    CHECK(finished.out.empty());
    CHECK_FALSE(fs::exists(place.path("m.safetensors")));
    return finished.err;
  };
  CHECK_THAT(refusal("nothing.keras"), ContainsSubstring("'nothing.keras': No such file"));
  write(place.path("text.keras"), "hello");
  CHECK_THAT(refusal("text.keras"), ContainsSubstring("text.keras: neither a .keras or .h5 file"));
  CHECK_THAT(refusal(fixture("torch/two_models.safetensors")), ContainsSubstring("--lstm"));
  CHECK_THAT(refusal(fixture("keras/softmax.h5"), {"--lstm", "lstm"}), ContainsSubstring("PyTorch"));
  write(place.path("ids.txt"), numbered_lines(19));
  CHECK_THAT(refusal(fixture("keras/softmax.h5"), {"--vocabulary", "ids.txt"}),
             ContainsSubstring("ids.txt: 19 ids for 20 items"));
  CHECK(place.run({"import"}).code == 2);
}

TEST_CASE("a SavedModel is refused with what to do instead, whatever else is in its folder") {
  const Workplace place;
  fs::create_directories(place.path("saved") / "variables");
  write(place.path("saved") / "saved_model.pb", "\x08\x01");
  write(place.path("saved") / "model.json", contents(fixture("tfjs/softmax/model.json")));
  for (const std::string source : {"saved", "saved/"}) {
    const Finished refused = place.run({"import", source, "--out", "m.safetensors"});
    CHECK(refused.code == 1);
    CHECK(refused.err == "sotto import: " + source +
                             ": this is a SavedModel, which holds operations instead of layers; save the Keras model "
                             "with model.save('model.keras')\n");
    CHECK_FALSE(fs::exists(place.path("m.safetensors")));
  }
}

TEST_CASE("modules of a state dict are chosen by name, and export writes them back") {
  const Workplace place;
  REQUIRE(place
              .run({"import", fixture("torch/two_models.safetensors"), "--embedding", "b.embedding", "--lstm", "b.lstm",
                    "--linear", "b.linear", "--out", "m.safetensors"})
              .code == 0);
  const Finished exported =
      place.run({"export", "m.safetensors", "--to", "safetensors-torch", "--out", "torch.safetensors", "--json"});
  REQUIRE(exported.code == 0);
  CHECK(parse(exported.out)["format"] == "safetensors-torch");
  REQUIRE(place.run({"import", "torch.safetensors", "--out", "again.safetensors"}).code == 0);
  // The files end in the tensors; before them the specs name different sources.
  constexpr std::size_t tensor_bytes = sizeof(float) * (20 * 4 + 24 * (4 + 6 + 1) + 20 * (6 + 1));
  const auto tensors = [](const std::string& file) { return file.substr(file.size() - tensor_bytes); };
  const bool same =
      tensors(contents(place.path("again.safetensors"))) == tensors(contents(place.path("m.safetensors")));
  CHECK(same);
  CHECK(place.run({"export", "m.safetensors", "--to", "onnx", "--out", "x"}).code == 2);
}

TEST_CASE("export refuses what PyTorch's modules cannot hold") {
  const Workplace place;
  const std::string shipped = in_source_tree("models/online-retail/model.float.safetensors");
  const Finished refused = place.run({"export", shipped, "--to", "safetensors-torch", "--out", "x.safetensors"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("skip connection"));
  CHECK_FALSE(fs::exists(place.path("x.safetensors")));
}
