// The encoding of a text that may be a log. Logs are read as UTF-8; UTF-16, which spreadsheets write, is converted.
#pragma once

#include <sotto/data/read_ahead.hpp>

#include <memory>
#include <optional>
#include <span>

namespace sotto::data {

enum class Utf16 { little_endian, big_endian };

// Recognizes UTF-16 by its byte order mark, or without one by zeros at every second byte of its beginning.
[[nodiscard]] std::optional<Utf16> find_utf16(std::span<const std::byte> beginning) noexcept;

// Converts the rest of the input to UTF-8, without its byte order mark. Reading fails at half a surrogate pair.
[[nodiscard]] std::unique_ptr<ByteSource> utf16_source(ReadAhead input, Utf16 order);

}  // namespace sotto::data
