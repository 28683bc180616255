#include <sotto/app/model_files.hpp>
#include <sotto/base/hash.hpp>
#include <sotto/data/files.hpp>

#include "../data/temporary_folder.hpp"
#include "../support/random_model.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <span>
#include <string_view>
#include <variant>

using namespace sotto;

TEST_CASE("the float model lies beside the fixed-point model") {
  CHECK(app::float_sibling("models/m.safetensors") == "models/m.float.safetensors");
  CHECK(app::float_sibling("m") == "m.float");
}

TEST_CASE("a saved model is opened again, with the size and the fingerprint of its file") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "m.safetensors";
  const auto size = app::save_model(
      test::random_fixed_model({.items = 5, .embedding_dim = 4, .hidden_dim = 4, .layers = 1}, 1), file);
  REQUIRE(size.ok());
  CHECK(*size == std::filesystem::file_size(file));
  const auto loaded = app::load_fixed_model(file);
  REQUIRE(loaded.ok());
  CHECK(loaded->bytes == *size);
  CHECK(loaded->fingerprint == xxh64(*data::read_file(file)));
  CHECK(loaded->model.info.architecture.items == 5);
  const auto any = app::load_model(file);
  REQUIRE(any.ok());
  CHECK(std::holds_alternative<FixedModel>(any->model));
}

TEST_CASE("a model of the wrong kind is refused with advice, and a file that is no model by its name") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "m.safetensors";
  REQUIRE(
      app::save_model(test::random_fixed_model({.items = 5, .embedding_dim = 4, .hidden_dim = 4, .layers = 1}, 1), file)
          .ok());
  const auto wrong = app::load_float_model(file);
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().code == ErrorCode::wrong_type);
  CHECK(wrong.error().detail.find("m.safetensors: this is a fixed-point model; ") != std::string::npos);

  const auto text = folder.path() / "text.safetensors";
  REQUIRE(data::write_file_atomically(text, std::as_bytes(std::span(std::string_view("no model")))).ok());
  const auto broken = app::load_model(text);
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().detail.find("text.safetensors: ") != std::string::npos);
  CHECK(app::load_model(folder.path() / "none").error().code == ErrorCode::io);
}
