#include "../support/random_model.hpp"

#include <sotto/base/internal/bytes.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/model_file.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace {

using sotto::Architecture;
using sotto::ErrorCode;

const Architecture tied{7, 5, 5, 2, true, true, true, true};
const Architecture binary{7, 3, 5, 2, false, false, false, false, sotto::HeadKind::binary};
const Architecture free_head{7, 3, 5, 1, false, false, false};

// The file with a piece of its header replaced by another of the same length.
std::vector<std::byte> replaced(std::vector<std::byte> file, std::string_view from, std::string_view to) {
  REQUIRE(from.size() == to.size());
  std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  for (std::size_t i = 0; i < to.size(); ++i) file[at + i] = static_cast<std::byte>(to[i]);
  return file;
}

void check_refused(const std::vector<std::byte>& file, ErrorCode code, std::string_view detail) {
  const auto model = sotto::parse_model(file);
  INFO("expected: " << detail);
  REQUIRE_FALSE(model.ok());
  INFO("got: " << model.error().detail);
  CHECK(model.error().code == code);
  CHECK(model.error().detail.find(detail) != std::string::npos);
}

}  // namespace

TEST_CASE("a model written and read gives the same bytes again", "[model][file]") {
  for (const auto& architecture : {tied, free_head, binary}) {
    const auto float_bytes = serialize(sotto::test::random_float_model(architecture, 1));
    const auto float_model = sotto::parse_float_model(float_bytes);
    REQUIRE(float_model.ok());
    CHECK(serialize(*float_model) == float_bytes);

    const auto fixed_bytes = serialize(sotto::test::random_fixed_model(architecture, 2));
    const auto fixed_model = sotto::parse_fixed_model(fixed_bytes);
    REQUIRE(fixed_model.ok());
    CHECK(serialize(*fixed_model) == fixed_bytes);
    CHECK(fixed_model->info.architecture == architecture);
  }
}

TEST_CASE("a head of 4-bit weights is read as it was written, by its version", "[model][file]") {
  for (const auto& architecture : {tied, free_head}) {
    const auto model = sotto::test::random_fixed_model(architecture, 2, 4);
    const auto bytes = serialize(model);
    const auto read = sotto::parse_fixed_model(bytes);
    REQUIRE(read.ok());
    CHECK(serialize(*read) == bytes);
    CHECK(read->weights.head_bits() == 4);
    CHECK(read->weights.head_s4.bytes == model.weights.head_s4.bytes);
    CHECK(read->weights.embedding.values.empty() == architecture.tied_head);
    const auto in_file = sotto::parse_fixed_model(bytes, {sotto::WeightStorage::in_file, sotto::leave_out_info});
    REQUIRE(in_file.ok());
    CHECK(in_file->weights.head_s4.bytes == model.weights.head_s4.bytes);

    // Files of 8 bits keep the version that older builds read, and say nothing of bits.
    const auto eight = serialize(sotto::test::random_fixed_model(architecture, 2));
    CHECK(sotto::parse_safetensors(bytes)->metadata.at("format_version") == "3");
    CHECK(sotto::parse_safetensors(eight)->metadata.at("format_version") == "2");
    CHECK(sotto::parse_safetensors(eight)->metadata.at("sotto").find("head_bits") == std::string::npos);
    CHECK(sotto::parse_fixed_model(eight)->weights.head_bits() == 8);
  }
}

TEST_CASE("heads of 4-bit weights that must be refused", "[model][file]") {
  auto model = sotto::test::random_fixed_model(tied, 4, 4);
  const auto good = serialize(model);
  check_refused(replaced(good, R"(\"head_bits\":4)", R"(\"head_bits\":5)"), ErrorCode::unsupported,
                "spec.numbers.head_bits is 5");
  check_refused(replaced(good, R"(\"head_bits\":4)", R"(\"head_bits\":9)"), ErrorCode::out_of_range,
                "spec.numbers.head_bits is 9");
  check_refused(replaced(good, R"(\"head_bits\":4)", R"(\"head_bite\":4)"), ErrorCode::missing, "head_bits");
  check_refused(replaced(good, R"(\"head_bits\":4)", R"(\"head_bits\":8)"), ErrorCode::wrong_type,
                "'embedding.weight' has type U8, expected I8");
  check_refused(replaced(good, R"("format_version":"3")", R"("format_version":"2")"), ErrorCode::wrong_type,
                "'embedding.weight' has type U8, expected I8");
  model.weights.head_s4.set(3, 5, 1);
  check_refused(serialize(model), ErrorCode::out_of_range,
                "'embedding.weight' has a weight behind the last column of row 3");
}

TEST_CASE("a memory term is read as it was written, by its version", "[model][file]") {
  auto architecture = tied;
  architecture.memory_term = true;
  for (const int head_bits : {8, 4}) {
    const auto model = sotto::test::random_fixed_model(architecture, 2, head_bits);
    const auto bytes = serialize(model);
    const auto read = sotto::parse_fixed_model(bytes);
    REQUIRE(read.ok());
    CHECK(serialize(*read) == bytes);
    CHECK(read->weights.memory == model.weights.memory);
    CHECK(read->weights.head_bits() == head_bits);
    CHECK(sotto::parse_safetensors(bytes)->metadata.at("format_version") == "4");
    check_refused(replaced(bytes, R"(\"memory_term\":true)", R"(\"memory_tern\":true)"), ErrorCode::missing,
                  "memory_term");
    check_refused(replaced(bytes, R"("format_version":"4")", R"("format_version":"5")"), ErrorCode::unsupported_version,
                  "reads versions 2 to 4");
  }
  const auto floating = serialize(sotto::test::random_float_model(architecture, 3));
  CHECK(serialize(*sotto::parse_float_model(floating)) == floating);

  auto model = sotto::test::random_fixed_model(architecture, 4);
  model.weights.memory->temperature = 0;
  check_refused(serialize(model), ErrorCode::out_of_range, "'memory.temperature' is 0, expected 1024");
}

TEST_CASE("everything in the spec survives", "[model][file]") {
  const auto original = sotto::test::random_fixed_model(tied, 3);
  const auto read = sotto::parse_fixed_model(serialize(original));
  REQUIRE(read.ok());
  const auto& info = read->info;
  CHECK(info.catalogue.item_ids == original.info.catalogue.item_ids);
  CHECK(info.catalogue.titles == original.info.catalogue.titles);
  CHECK(info.catalogue.categories.empty());
  CHECK(std::isnan(info.catalogue.prices[0]));
  CHECK(info.catalogue.prices[1] == 0.25);
  CHECK(info.catalogue.currency == "GBP");
  CHECK(info.training.log.fingerprint == original.info.training.log.fingerprint);
  CHECK(info.training.log.first_timestamp == -5);
  CHECK(info.training.split.kind == "leave-last-out");
  CHECK(info.training.settings == R"({"window":10})");
  CHECK(info.licence == "CC-BY-4.0");
  CHECK(info.training_event_sketch == original.info.training_event_sketch);
}

TEST_CASE("what only some trainings have is read where it is and left out where it is not", "[model][file]") {
  auto model = sotto::test::random_fixed_model(binary, 6);
  const auto without = sotto::parse_fixed_model(serialize(model));
  REQUIRE(without.ok());
  CHECK_FALSE(without->info.training.validation_accuracy);
  CHECK(without->info.training.vocabulary.max_items == 0);
  CHECK(without->info.training.log.order_fingerprint == 0);
  model.info.training.log.order_fingerprint = 0x123;
  model.info.training.validation_accuracy = 0.75;
  model.info.training.vocabulary = {.max_items = 7, .oov_item = "<oov>"};
  const auto bytes = serialize(model);
  const auto with = sotto::parse_fixed_model(bytes);
  REQUIRE(with.ok());
  CHECK(with->info.training.validation_accuracy == 0.75);
  CHECK(with->info.training.log.order_fingerprint == 0x123);
  CHECK(with->info.training.vocabulary.max_items == 7);
  CHECK(with->info.training.vocabulary.oov_item == "<oov>");
  CHECK(serialize(*with) == bytes);
  check_refused(replaced(bytes, R"(\"validation_accuracy\":0.75)", R"(\"validation_accuracy\":true)"),
                ErrorCode::wrong_type, "spec.training.validation_accuracy is true, expected a number");
}

TEST_CASE("a model read in its file's bytes is the model that was copied out of them", "[model][file]") {
  const auto bytes = serialize(sotto::test::random_fixed_model(tied, 4));
  const auto copied = sotto::parse_fixed_model(bytes);
  const auto in_file = sotto::parse_fixed_model(bytes, {sotto::WeightStorage::in_file, sotto::leave_out_info});
  REQUIRE(copied.ok());
  REQUIRE(in_file.ok());
  CHECK(in_file->weights.embedding.values == copied->weights.embedding.values);
  const auto* first = reinterpret_cast<const std::byte*>(in_file->weights.embedding.values.data());
  CHECK((first >= bytes.data() && first < bytes.data() + bytes.size()));
  CHECK(in_file->info.catalogue.item_ids.empty());
  CHECK(copied->info.catalogue.item_ids.size() == 7);
}

TEST_CASE("a float model is not taken for a fixed one", "[model][file]") {
  const auto float_bytes = serialize(sotto::test::random_float_model(tied, 1));
  const auto wrong = sotto::parse_fixed_model(float_bytes);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().code == ErrorCode::wrong_type);
  CHECK(wrong.error().detail.find("sotto quantize") != std::string::npos);
}

TEST_CASE("files that must be refused", "[model][file]") {
  const auto good = serialize(sotto::test::random_fixed_model(tied, 4));
  check_refused(replaced(good, R"("format_version":"2")", R"("format_version":"9")"), ErrorCode::unsupported_version,
                "'9'");
  check_refused(replaced(good, R"("format":"sotto")", R"("format":"other")"), ErrorCode::unsupported,
                "not a Sotto model");
  check_refused(replaced(good, R"(\"hidden_dim\":5)", R"(\"hidden_dim\":6)"), ErrorCode::wrong_shape,
                "embedding_dim 5 is not hidden_dim 6");
  check_refused(replaced(good, R"(\"layers\":2)", R"(\"layers\":1)"), ErrorCode::wrong_shape, "hidden_multiplier");
  check_refused(replaced(good, R"(\"items\":7)", R"(\"items\":8)"), ErrorCode::wrong_shape,
                "catalogue.item_id is not an array of 8 entries");
  check_refused(replaced(good, R"(\"items\":7)", R"(\"items\":0)"), ErrorCode::out_of_range,
                "spec.architecture.items is 0");
  check_refused(replaced(good, R"("item-1")", R"("item-2")"), ErrorCode::malformed, "'item-2' twice");
  check_refused(replaced(good, R"({"item_id":)", R"(["item_id",)"), ErrorCode::malformed,
                "'catalogue' is not the text");
  check_refused(replaced(good, R"("catalogue":{"dtype":"U8")", R"("catalogue":{"dtype":"I8")"), ErrorCode::missing,
                "'catalogue' of type U8 is missing");
  check_refused(replaced(good, R"("head.bias":{"dtype":"I32")", R"("head.bias":{"dtype":"U32")"), ErrorCode::wrong_type,
                "'head.bias' has type U32");
  check_refused(replaced(good, R"("head.bias":{)", R"("head.base":{)"), ErrorCode::missing, "'head.bias' is missing");
  check_refused(replaced(good, "ifgo", "icfo"), ErrorCode::unsupported, "gate_order");

  auto silent = sotto::test::random_fixed_model(tied, 4);
  silent.weights.head_multiplier[3] = 0;
  check_refused(serialize(silent), ErrorCode::out_of_range, "'head.multiplier' has 0 at index 3");
  auto infinite = sotto::test::random_float_model(tied, 4);
  infinite.weights.head_bias[2] = INFINITY;
  check_refused(serialize(infinite), ErrorCode::out_of_range, "not finite at index 2");
}

TEST_CASE("a model cut short at any byte is refused", "[model][file]") {
  const auto good = serialize(sotto::test::random_fixed_model(free_head, 5));
  for (std::size_t size = 0; size < good.size(); ++size) {
    REQUIRE_FALSE(sotto::parse_model(std::span(good).first(size)).ok());
  }
}

TEST_CASE("a bit that flips anywhere in a model file is found", "[model][file]") {
  auto architecture = tied;
  architecture.memory_term = true;
  for (const bool fixed : {true, false}) {
    const auto good = fixed ? serialize(sotto::test::random_fixed_model(architecture, 5))
                            : serialize(sotto::test::random_float_model(architecture, 5));
    REQUIRE(sotto::parse_model(good).ok());
    auto bytes = good;
    std::size_t unnoticed = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto bit = static_cast<std::byte>(1U << (i * 5 % 8));
      bytes[i] ^= bit;
      unnoticed += sotto::parse_model(bytes).ok();
      bytes[i] ^= bit;
    }
    // A space between the header's end and the tensors, or a letter of the checksum's own name, changes nothing.
    constexpr std::size_t padding_and_name = 64 + 8;
    CHECK(unnoticed <= padding_and_name);
    const auto weights = sotto::parse_safetensors(good)->tensors.at("embedding.weight").bytes;
    bytes[static_cast<std::size_t>(weights.data() - good.data()) + 3] ^= std::byte{1};
    check_refused(bytes, ErrorCode::malformed, "the file is damaged: its checksum is '");
    // Files of earlier builds have none.
    CHECK(sotto::parse_model(replaced(good, R"("checksum":)", R"("Checksum":)")).ok());
  }
}
