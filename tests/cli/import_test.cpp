// 'sotto import' and 'sotto export' from the outside. $SOTTO_CLI names the program.
#include "../data/temporary_folder.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/wait.h>

namespace {

using Catch::Matchers::ContainsSubstring;
using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Finished {
  int code = -1;
  std::string out;
  std::string err;
};

class Workplace {
 public:
  // The arguments must need no quoting but that of a shell.
  [[nodiscard]] Finished run(const std::string& arguments) const {
    const char* program = std::getenv("SOTTO_CLI");
    REQUIRE(program != nullptr);
    const std::string line = "cd '" + folder_.path().string() + "' && '" + program + "' " + arguments +
                             " > stdout.txt 2> stderr.txt < /dev/null";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents("stdout.txt"), contents("stderr.txt")};
  }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder_.path() / file, std::ios::binary) << text;
  }
  [[nodiscard]] std::string contents(const std::string& file) const {
    std::ifstream stream(folder_.path() / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  [[nodiscard]] bool has(const std::string& file) const { return fs::exists(folder_.path() / file); }

 private:
  sotto::test::TemporaryFolder folder_;
};

// In quotes for the shell.
std::string in_source_tree(const std::string& path) {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return std::string("'") + source + "/" + path + "'";
}
std::string fixture(const std::string& name) { return in_source_tree("tests/convert/fixtures/" + name); }

Json parse(const std::string& text) {
  Json object = Json::parse(text, nullptr, false);
  REQUIRE(object.is_object());
  return object;
}

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "item" + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("from a Keras model with a vocabulary to a fixed-point model") {
  const Workplace place;
  place.write("ids.txt", numbered_lines(20));
  place.write("items.csv", "item_id,title\nitem3,Teapot\n");
  const Finished imported = place.run("import " + fixture("keras/stacked.keras") +
                                      " --out m.safetensors --vocabulary ids.txt --items items.csv --json");
  CAPTURE(imported.err);
  REQUIRE(imported.code == 0);
  const Json result = parse(imported.out);
  CHECK(result["format"] == "keras");
  CHECK(result["made_by"] == "Keras 3.15.1");
  CHECK(result["architecture"]["items"] == 20);
  CHECK(result["architecture"]["head"] == "softmax");
  CHECK(result["notes"].empty());

  const Json inspected = parse(place.run("inspect m.safetensors --json").out);
  CHECK(inspected["kind"] == "float");
  CHECK(inspected["catalogue"]["items"][3]["item_id"] == "item3");
  CHECK(inspected["catalogue"]["items"][3]["title"] == "Teapot");
  CHECK(inspected["training"]["settings"]["file"] == "stacked.keras");

  // Any log of its items calibrates it: their order in the log is not the model's, and one is unknown.
  place.write("log.csv",
              "user_id,item_id,timestamp\nu,item7,1\nu,item3,2\nu,stranger,3\nv,item19,1\nv,item7,2\nv,item0,3\n");
  const Finished quantized = place.run("quantize --model m.safetensors --interactions log.csv --out fixed.safetensors");
  CAPTURE(quantized.err);
  REQUIRE(quantized.code == 0);
  CHECK(parse(place.run("inspect fixed.safetensors --json").out)["kind"] == "fixed");
  place.write("other.csv", "user_id,item_id,timestamp\nu,stranger,1\n");
  const Finished refused = place.run("quantize --model m.safetensors --interactions other.csv --out f.safetensors");
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("none of its items is one of m.safetensors"));
}

TEST_CASE("import tells what it left out") {
  const Workplace place;
  const Finished imported = place.run("import " + fixture("tfjs/binary") + " --out m.safetensors");
  REQUIRE(imported.code == 0);
  CHECK_THAT(imported.out, ContainsSubstring("Embedding 19 × 4 → LSTM 1 × 6 → binary head"));
  CHECK_THAT(imported.err, ContainsSubstring("index 0 is padding"));
}

TEST_CASE("import names the file and what is wrong, and writes nothing") {
  const Workplace place;
  const auto refusal = [&](const std::string& arguments) {
    const Finished finished = place.run("import " + arguments + " --out m.safetensors");
    CHECK(finished.code == 1);
    CHECK(finished.out.empty());
    CHECK_FALSE(place.has("m.safetensors"));
    return finished.err;
  };
  CHECK_THAT(refusal("nothing.keras"), ContainsSubstring("'nothing.keras': No such file"));
  place.write("text.keras", "hello");
  CHECK_THAT(refusal("text.keras"), ContainsSubstring("text.keras: neither a .keras or .h5 file"));
  CHECK_THAT(refusal(fixture("torch/two_models.safetensors")), ContainsSubstring("--lstm"));
  CHECK_THAT(refusal(fixture("keras/softmax.h5") + " --lstm lstm"), ContainsSubstring("PyTorch"));
  place.write("ids.txt", numbered_lines(19));
  CHECK_THAT(refusal(fixture("keras/softmax.h5") + " --vocabulary ids.txt"),
             ContainsSubstring("ids.txt: 19 ids for 20 items"));
  CHECK(place.run("import").code == 2);
}

TEST_CASE("modules of a state dict are chosen by name, and export writes them back") {
  const Workplace place;
  REQUIRE(place
              .run("import " + fixture("torch/two_models.safetensors") +
                   " --embedding b.embedding --lstm b.lstm --linear b.linear --out m.safetensors")
              .code == 0);
  const Finished exported = place.run("export m.safetensors --to safetensors-torch --out torch.safetensors --json");
  REQUIRE(exported.code == 0);
  CHECK(parse(exported.out)["format"] == "safetensors-torch");
  REQUIRE(place.run("import torch.safetensors --out again.safetensors").code == 0);
  // The files end in the tensors; before them the specs name different sources.
  constexpr std::size_t tensor_bytes = sizeof(float) * (20 * 4 + 24 * (4 + 6 + 1) + 20 * (6 + 1));
  const auto tensors = [](const std::string& file) { return file.substr(file.size() - tensor_bytes); };
  const bool same = tensors(place.contents("again.safetensors")) == tensors(place.contents("m.safetensors"));
  CHECK(same);
  CHECK(place.run("export m.safetensors --to onnx --out x").code == 2);
}

TEST_CASE("export refuses what PyTorch's modules cannot hold") {
  const Workplace place;
  const std::string shipped = in_source_tree("models/online-retail/model.float.safetensors");
  const Finished refused = place.run("export " + shipped + " --to safetensors-torch --out x.safetensors");
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("skip connection"));
  CHECK_FALSE(place.has("x.safetensors"));
}
