#include <sotto/data/npy_file.hpp>

#include <sotto/base/internal/bytes.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t version_end = 8;  // magic, major and minor version
constexpr std::size_t max_dimensions = 8;

Error malformed(std::string what) { return {ErrorCode::malformed, "not a readable .npy file: " + std::move(what)}; }

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Returns the text after 'key': in the header, which is a Python dictionary literal.
std::optional<std::string_view> value_after(std::string_view header, std::string_view key) {
  std::size_t at = header.find(fmt::format("'{}'", key));
  if (at == std::string_view::npos) return std::nullopt;
  at = header.find(':', at);
  if (at == std::string_view::npos) return std::nullopt;
  at = header.find_first_not_of(' ', at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  return header.substr(at);
}

std::optional<TensorType> type_of(std::string_view description) noexcept {
  if (description == "<f4") return TensorType::f32;
  if (description == "<f8") return TensorType::f64;
  if (description == "<f2") return TensorType::f16;
  return std::nullopt;
}

// Parses "(10, 64)", "(10,)" or "()".
std::optional<TensorShape> parse_shape(std::string_view text) {
  if (text.empty() || text.front() != '(') return std::nullopt;
  text.remove_prefix(1);
  TensorShape shape;
  while (true) {
    const std::size_t at = text.find_first_not_of(", ");
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at);
    if (text.front() == ')') return shape;
    std::uint64_t extent = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (failure != std::errc{} || shape.size() == max_dimensions) return std::nullopt;
    shape.push_back(extent);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

}  // namespace

bool is_npy(std::span<const std::byte> file) noexcept {
  return file.size() >= magic.size() && text_of(file.first(magic.size())) == magic;
}

Result<TensorView> parse_npy(std::span<const std::byte> file) {
  if (!is_npy(file) || file.size() < version_end + 2) return malformed("its first bytes are not NumPy's");
  const auto version = std::to_integer<unsigned>(file[magic.size()]);
  if (version < 1 || version > 3) return malformed(fmt::format("version {} is not 1, 2 or 3", version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  if (file.size() < version_end + length_bytes) return malformed("it ends within its header");
  const std::size_t header_bytes = version == 1 ? load_le<std::uint16_t>(file.data() + version_end)
                                                : load_le<std::uint32_t>(file.data() + version_end);
  const std::size_t header_begin = version_end + length_bytes;
  if (header_bytes > file.size() - header_begin) return malformed("it ends within its header");
  const std::string_view header = text_of(file.subspan(header_begin, header_bytes));

  const auto description = value_after(header, "descr");
  const auto order = value_after(header, "fortran_order");
  const auto shape_text = value_after(header, "shape");
  if (!description || !order || !shape_text) return malformed("its header lacks 'descr', 'fortran_order' or 'shape'");
  const std::string_view type_name =
      description->front() == '\'' ? description->substr(1, description->find('\'', 1) - 1) : *description;
  const auto type = type_of(type_name);
  if (!type) {
    return Error{ErrorCode::wrong_type,
                 fmt::format("the .npy array's type is {}, expected '<f2', '<f4' or '<f8'; numpy.save(file, "
                             "array.astype('<f4')) writes one that fits",
                             in_quotes(type_name))};
  }
  if (!order->starts_with("False")) {
    return Error{ErrorCode::malformed,
                 "the .npy array is in column-major order; numpy.save(file, numpy.ascontiguousarray(array)) writes one "
                 "in row-major order"};
  }
  auto shape = parse_shape(*shape_text);
  if (!shape) return malformed(fmt::format("its shape {} is not understood", in_quotes(*shape_text)));
  std::uint64_t bytes = tensor_type_size(*type);
  for (const std::uint64_t extent : *shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return malformed("its shape is too large");
  }
  const auto data = file.subspan(header_begin + header_bytes);
  if (data.size() != bytes) {
    return malformed(
        fmt::format("its shape {} needs {} bytes, and {} follow the header", to_string(*shape), bytes, data.size()));
  }
  return TensorView{*type, *std::move(shape), data};
}

}  // namespace sotto::data
