#include <sotto/base/hash.hpp>
#include <sotto/data/files.hpp>
#include <sotto/serve/mapped_file.hpp>
#include <sotto/serve/model_encodings.hpp>

#include <brotli/encode.h>
#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace sotto::serve {
namespace {

namespace fs = std::filesystem;

using Coded = Result<std::vector<std::byte>>;

// Larger files get less effort: brotli's best takes two seconds for each MB.
constexpr std::size_t max_for_best_effort = 16U << 20;
constexpr std::size_t chunk_bytes = 256U << 10;  // how much is coded between two looks at `stop`

Error stopped_coding() { return {ErrorCode::interrupted, "the codings of a model are left for the next start"}; }

Coded code_with_brotli(std::span<const std::byte> bytes, const std::atomic<bool>& stop) {
  const std::unique_ptr<BrotliEncoderState, decltype(&::BrotliEncoderDestroyInstance)> encoder(
      ::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &::BrotliEncoderDestroyInstance);
  if (!encoder) return Error{ErrorCode::io, "no memory for brotli"};
  const bool is_small = bytes.size() <= max_for_best_effort;
  ::BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_QUALITY, is_small ? 11 : 6);
  ::BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS);
  const auto hint = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), UINT32_MAX));
  ::BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_SIZE_HINT, hint);

  std::vector<std::byte> coded;
  std::vector<std::uint8_t> out(chunk_bytes);
  while (!::BrotliEncoderIsFinished(encoder.get())) {
    if (stop) return stopped_coding();
    const std::size_t taken = std::min(bytes.size(), chunk_bytes);
    std::size_t available_in = taken;
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const auto operation = taken == bytes.size() ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    std::size_t available_out = out.size();
    std::uint8_t* next_out = out.data();
    if (!::BrotliEncoderCompressStream(encoder.get(), operation, &available_in, &next_in, &available_out, &next_out,
                                       nullptr)) {
      return Error{ErrorCode::io, "brotli failed"};
    }
    const auto made = std::as_bytes(std::span(out).first(out.size() - available_out));
    coded.insert(coded.end(), made.begin(), made.end());
    bytes = bytes.subspan(taken - available_in);
  }
  return coded;
}

Coded code_with_zstd(std::span<const std::byte> bytes, const std::atomic<bool>& stop) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&::ZSTD_freeCCtx)> context(::ZSTD_createCCtx(), &::ZSTD_freeCCtx);
  if (!context) return Error{ErrorCode::io, "no memory for zstd"};
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, bytes.size() <= max_for_best_effort ? 19 : 12);
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  // Browsers refuse windows above 8 MiB (RFC 9659).
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 23);
  ::ZSTD_CCtx_setPledgedSrcSize(context.get(), bytes.size());

  std::vector<std::byte> coded;
  std::vector<std::byte> out(chunk_bytes);
  std::size_t left = 1;
  while (left != 0) {
    if (stop) return stopped_coding();
    const std::size_t taken = std::min(bytes.size(), chunk_bytes);
    ZSTD_inBuffer in{bytes.data(), taken, 0};
    ZSTD_outBuffer buffer{out.data(), out.size(), 0};
    const bool is_last = taken == bytes.size();
    left = ::ZSTD_compressStream2(context.get(), &buffer, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
    if (::ZSTD_isError(left)) return Error{ErrorCode::io, fmt::format("zstd: {}", ::ZSTD_getErrorName(left))};
    coded.insert(coded.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(buffer.pos));
    bytes = bytes.subspan(in.pos);
    if (!is_last) left = 1;
  }
  return coded;
}

struct Codec {
  std::string_view coding;  // its name in Content-Encoding
  std::string_view extension;
  Coded (*code)(std::span<const std::byte>, const std::atomic<bool>&);
};
constexpr std::array<Codec, 2> codecs = {{{"br", ".br", &code_with_brotli}, {"zstd", ".zst", &code_with_zstd}}};

std::string coded_name(std::string_view version, std::span<const std::byte> coded, const Codec& codec) {
  return fmt::format("{}.{:016x}{}", version, xxh64(coded), codec.extension);
}

// The files that are named as a version's coding is.
std::vector<fs::path> coded_files(const fs::path& folder, const std::string& version, const Codec& codec) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (name.starts_with(version + ".") && name.ends_with(codec.extension)) files.push_back(entries->path());
  }
  return files;
}

// The coded file of a version whose content is what its name says.
std::optional<http::SharedBytes> find_coded(const fs::path& folder, const std::string& version, const Codec& codec) {
  for (const fs::path& file : coded_files(folder, version, codec)) {
    auto mapped = map_file(file);
    if (mapped && coded_name(version, mapped->bytes, codec) == file.filename()) return std::move(mapped).value();
  }
  return std::nullopt;
}

}  // namespace

std::string model_file_name(std::string_view version) { return std::string(version) + ".safetensors"; }

Result<DeliveryPointer> open_delivery(const fs::path& folder, const std::string& version) {
  const fs::path file = folder / model_file_name(version);
  auto mapped = map_file(file);
  if (!mapped) return std::move(mapped).error();
  const std::string content = fmt::format("{:016x}", xxh64(mapped->bytes));
  if (content != version) {
    return Error{ErrorCode::mismatch, fmt::format("'{}' is damaged or another file: its content has the fingerprint {}",
                                                  file.string(), content)};
  }
  auto delivery = std::make_shared<ModelDelivery>();
  delivery->version = version;
  delivery->representations.push_back({"", fmt::format("\"{}\"", version), *mapped});
  for (const Codec& codec : codecs) {
    auto coded = find_coded(folder, version, codec);
    if (!coded || coded->bytes.size() >= mapped->bytes.size()) continue;
    delivery->representations.push_back(
        {std::string(codec.coding), fmt::format("\"{}-{}\"", version, codec.coding), std::move(*coded)});
  }
  return DeliveryPointer(std::move(delivery));
}

Status remove_files(const fs::path& folder, const std::string& version) {
  const fs::path file = folder / model_file_name(version);
  std::error_code error;
  fs::remove(file, error);
  if (error) return Error{ErrorCode::io, fmt::format("cannot remove '{}': {}", file.string(), error.message())};
  for (const Codec& codec : codecs) {
    for (const fs::path& coded : coded_files(folder, version, codec)) fs::remove(coded, error);
  }
  return Ok{};
}

Status prepare_encodings(const fs::path& folder, const std::string& version, const std::atomic<bool>& stop) {
  std::optional<http::SharedBytes> file;
  for (const Codec& codec : codecs) {
    if (find_coded(folder, version, codec)) continue;
    if (!file) {
      auto mapped = map_file(folder / model_file_name(version));
      if (!mapped) return std::move(mapped).error();
      file = std::move(mapped).value();
    }
    auto coded = codec.code(file->bytes, stop);
    if (!coded) return std::move(coded).error();
    const auto written = data::write_file_atomically(folder / coded_name(version, *coded, codec), *coded);
    if (!written) return written;
  }
  return Ok{};
}

}  // namespace sotto::serve
