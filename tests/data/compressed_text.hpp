// Compression, which only the tests need.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>

namespace sotto::test {

// One gzip member.
inline std::string gzip(std::string_view text) {
  std::string input(text);
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string output(deflateBound(&stream, static_cast<uLong>(input.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  deflate(&stream, Z_FINISH);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  return output;
}

// One zstd frame.
inline std::string zstd(std::string_view text) {
  std::string output(ZSTD_compressBound(text.size()), '\0');
  output.resize(ZSTD_compress(output.data(), output.size(), text.data(), text.size(), 3));
  return output;
}

}  // namespace sotto::test
