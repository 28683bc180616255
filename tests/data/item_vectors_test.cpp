#include <sotto/base/internal/bytes.hpp>
#include <sotto/data/files.hpp>
#include <sotto/data/item_vectors.hpp>
#include <sotto/data/npy_file.hpp>

#include "log_text.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace sotto;
using Catch::Matchers::ContainsSubstring;
using sotto::test::bytes_of;

namespace {

// As numpy.save writes version 1.0: the header is padded with spaces to a multiple of 64 bytes.
std::string npy(std::string_view dictionary, std::string_view data) {
  std::string header(dictionary);
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string file = "\x93NUMPY";
  file += '\x01';
  file += '\0';
  file += static_cast<char>(header.size() & 0xffU);
  file += static_cast<char>(header.size() >> 8U);
  return file + header + std::string(data);
}

template <class T>
std::string raw(const std::vector<T>& values) {
  std::string bytes;
  for (const T value : values) {
    char buffer[sizeof(T)];
    store_le(reinterpret_cast<std::byte*>(buffer), value);
    bytes.append(buffer, sizeof(T));
  }
  return bytes;
}

class Vectors {
 public:
  explicit Vectors(std::string_view vectors, std::string_view items = "item_id,title\nb,B\nnew,N\na,A\n") {
    catalogue_.item_ids = {"a", "b", "c"};
    REQUIRE(data::write_file_atomically(folder_.path() / "items.csv", bytes_of(items)).ok());
    REQUIRE(data::write_file_atomically(folder_.path() / "vectors", bytes_of(vectors)).ok());
  }
  [[nodiscard]] Result<data::ItemVectors> read() const {
    return data::read_item_vectors(catalogue_, folder_.path() / "items.csv", folder_.path() / "vectors");
  }
  [[nodiscard]] std::string refusal() const {
    const auto result = read();
    return result ? "accepted" : result.error().detail;
  }

 private:
  test::TemporaryFolder folder_;
  Catalogue catalogue_;
};

constexpr std::string_view float_3x2 = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";

}  // namespace

TEST_CASE("vectors come in the order of the items file and go to the catalogue's items") {
  const auto vectors = Vectors(npy(float_3x2, raw<float>({1, 2, 3, 4, 5, 6}))).read();
  REQUIRE(vectors.ok());
  CHECK(vectors->dimension == 2);
  CHECK(vectors->values == std::vector<float>{5, 6, 1, 2, 0, 0});
  CHECK(vectors->described == 2);

  const auto doubles =
      Vectors(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", raw<double>({1, 2, 3, 4, 5, 6})))
          .read();
  REQUIRE(doubles.ok());
  CHECK(doubles->values == vectors->values);
  // 0x3C00 is 1, 0xC000 is -2.
  const auto halves = Vectors(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 1), }",
                                  raw<std::uint16_t>({0x3C00, 0, 0xC000})))
                          .read();
  REQUIRE(halves.ok());
  CHECK(halves->values == std::vector<float>{-2, 1, 0});
}

TEST_CASE("vectors in a safetensors file") {
  const std::string data = raw<float>({1, 2, 3, 4, 5, 6});
  const TensorView view{TensorType::f32, {3, 2}, bytes_of(data)};
  const NamedTensor tensors[] = {{"sentence_embedding", view}};
  const auto file = write_safetensors({}, tensors);
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto vectors = Vectors(text).read();
  REQUIRE(vectors.ok());
  CHECK(vectors->values == std::vector<float>{5, 6, 1, 2, 0, 0});

  const NamedTensor two[] = {{"a", view}, {"b", view}};
  const auto several = write_safetensors({}, two);
  CHECK_THAT(Vectors({reinterpret_cast<const char*>(several.data()), several.size()}).refusal(),
             ContainsSubstring("it has 2 tensors, expected one"));
}

TEST_CASE("files that are no vectors of these items are refused with the reason") {
  const std::string six = raw<float>({1, 2, 3, 4, 5, 6});
  CHECK_THAT(Vectors("hello").refusal(), ContainsSubstring("neither a .npy file nor a safetensors file"));
  CHECK_THAT(Vectors(npy("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 2), }", six)).refusal(),
             ContainsSubstring("the .npy array's type is '<i8', expected"));
  CHECK_THAT(Vectors(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", six)).refusal(),
             ContainsSubstring("column-major"));
  CHECK_THAT(Vectors(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", six)).refusal(),
             ContainsSubstring("shape [6], expected [rows × dimension]"));
  CHECK_THAT(Vectors(npy(float_3x2, six.substr(1))).refusal(), ContainsSubstring("needs 24 bytes, and 23 follow"));
  CHECK_THAT(Vectors(npy("{'descr': '<f4', 'shape': (3, 2), }", six)).refusal(), ContainsSubstring("lacks"));
  CHECK_THAT(
      Vectors(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615, 2), }", six)).refusal(),
      ContainsSubstring("too large"));
  CHECK_THAT(Vectors(npy(float_3x2, six)).refusal(), ContainsSubstring("accepted"));
  CHECK_THAT(Vectors(npy(float_3x2, six), "item_id\na\nb\n").refusal(), ContainsSubstring("it has 3 rows, and"));
  CHECK_THAT(Vectors(npy(float_3x2, six), "item_id\na\nb\nc\nd\n").refusal(), ContainsSubstring("it has 3 rows, and"));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THAT(Vectors(npy(float_3x2, raw<float>({1, 2, 3, 4, 5, nan}))).refusal(),
             ContainsSubstring("row 2, number 1 is nan"));
  for (std::size_t length = 0; length < 80; ++length) {
    const std::string whole = npy(float_3x2, six);
    CHECK_FALSE(data::parse_npy(bytes_of(whole).first(length)).ok());
  }
}
