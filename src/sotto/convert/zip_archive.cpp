#include <sotto/convert/errors.hpp>
#include <sotto/convert/zip_archive.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <zip.h>

namespace sotto::convert {
namespace {

// Float weights and JSON are compressed a few times at most. A file with a larger ratio is made to exhaust memory.
constexpr std::uint64_t max_expansion = 100;
constexpr std::uint64_t small_file = 1 << 20;

}  // namespace

void ZipArchive::Discard::operator()(zip* archive) const noexcept { zip_discard(archive); }

Result<ZipArchive> ZipArchive::open(std::span<const std::byte> bytes) {
  zip_error_t reason;
  zip_error_init(&reason);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &reason);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &reason);
  if (archive == nullptr) {
    const std::string text = zip_error_strerror(&reason);
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&reason);
    return malformed(fmt::format("the ZIP archive cannot be read, it is cut off or damaged: {}", text));
  }
  zip_error_fini(&reason);
  return ZipArchive(archive, bytes.size());
}

bool ZipArchive::contains(const std::string& name) const {
  return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
}

Result<std::vector<std::byte>> ZipArchive::read(const std::string& name) const {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (!contains(name) || zip_stat(archive_.get(), name.c_str(), 0, &stat) != 0) {
    return Error{ErrorCode::missing, fmt::format("the archive has no file {}", data::in_quotes(name))};
  }
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
  if ((stat.valid & needed) != needed || stat.comp_size > size_ ||
      (stat.size > small_file && stat.size / max_expansion > stat.comp_size)) {
    return malformed(fmt::format("{} in the archive claims {} bytes from {} compressed ones, in an archive of {}",
                                 data::in_quotes(name), stat.size, stat.comp_size, size_));
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen(archive_.get(), name.c_str(), 0), zip_fclose);
  if (file == nullptr) {
    return malformed(
        fmt::format("{} in the archive cannot be read: {}", data::in_quotes(name), zip_strerror(archive_.get())));
  }
  // A request for one more byte makes libzip reach the end, where it compares the checksum.
  std::vector<std::byte> bytes(static_cast<std::size_t>(stat.size) + 1);
  std::size_t read = 0;
  while (read < bytes.size()) {
    const zip_int64_t count = zip_fread(file.get(), bytes.data() + read, bytes.size() - read);
    if (count < 0) {
      return malformed(
          fmt::format("{} in the archive is damaged: {}", data::in_quotes(name), zip_file_strerror(file.get())));
    }
    if (count == 0) break;
    read += static_cast<std::size_t>(count);
  }
  if (read != stat.size) {
    return Error{ErrorCode::truncated,
                 fmt::format("{} in the archive has {} bytes, expected {}", data::in_quotes(name), read, stat.size)};
  }
  bytes.pop_back();
  return bytes;
}

}  // namespace sotto::convert
