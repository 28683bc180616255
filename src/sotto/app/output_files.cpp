#include <sotto/app/file_lock.hpp>
#include <sotto/app/output_files.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/internal/tensor_names.hpp>
#include <sotto/model/model_file.hpp>

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include <unistd.h>

namespace sotto::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view page_start = "<!doctype html";

std::string_view words_for(FileKind kind) {
  switch (kind) {
    case FileKind::fixed_model: return "a fixed-point model";
    case FileKind::float_model: return "a float model";
    case FileKind::checkpoint: return "a checkpoint of a training";
    case FileKind::lock: return "a lock of a training";
    case FileKind::state_dict: return "a state dict in safetensors";
    case FileKind::page: return "a page";
    case FileKind::replayed_users: return "the users of a replay";
    case FileKind::dead_letters: return "dead letters";
    case FileKind::something_else: break;
  }
  return "something else";
}

bool begins_page(std::span<const std::byte> bytes) {
  if (bytes.size() < page_start.size()) return false;
  for (std::size_t i = 0; i < page_start.size(); ++i) {
    if (std::tolower(std::to_integer<unsigned char>(bytes[i])) != page_start[i]) return false;
  }
  return true;
}

// What the lines of sotto stream begin with. An event begins like a user, and has no checksum.
std::optional<FileKind> kind_of_lines(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with(R"({"line":)") && line.find(R"(,"reason":")") != line.npos) return FileKind::dead_letters;
  if (line.starts_with(R"({"user":")") && line.find(R"(],"crc32c":")") != line.npos) return FileKind::replayed_users;
  return std::nullopt;
}

// Whether both names lead to one file. A file that does not exist yet is compared by its name without links.
bool are_one_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  if (fs::equivalent(a, b, error)) return true;
  const fs::path first = fs::weakly_canonical(fs::absolute(data::without_links(a), error), error);
  if (error) return false;
  const fs::path second = fs::weakly_canonical(fs::absolute(data::without_links(b), error), error);
  return !error && first == second;
}

Status check_place(const OutputFile& output) {
  const auto cannot = [&](std::string_view reason) {
    return Error{ErrorCode::io, fmt::format("cannot write '{}': {}", output.file.string(), reason)};
  };
  std::error_code error;
  const fs::file_status status = fs::status(output.file, error);
  if (fs::is_directory(status)) return cannot("it is a folder; name a file");
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (::access(output.file.c_str(), W_OK) != 0) return cannot(std::strerror(errno));
    return Ok{};
  }
  const fs::path place = data::without_links(output.file);
  const fs::path folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return cannot(fmt::format("its folder: {}", std::strerror(errno)));
  return Ok{};
}

Status check_replaced(const OutputFile& output) {
  std::error_code error;
  if (!fs::is_regular_file(output.file, error) || fs::file_size(output.file, error) == 0 || error) return Ok{};
  const auto kind = kind_of_file(output.file);
  if (!kind) return std::move(kind).error();
  if (*kind == output.kind) return Ok{};
  return Error{ErrorCode::invalid_argument,
               fmt::format("{}: '{}' exists and holds {}, not {}; name another file, or add --force to replace it",
                           output.option, output.file.string(), words_for(*kind), words_for(output.kind))};
}

}  // namespace

Result<FileKind> kind_of_file(const fs::path& file) {
  auto bytes = data::read_file(file);
  if (!bytes) return std::move(bytes).error();
  if (begins_page(*bytes)) return FileKind::page;
  if (const auto lines = kind_of_lines(*bytes)) return *lines;
  if (const auto model = parse_model(*bytes)) {
    return std::holds_alternative<FixedModel>(*model) ? FileKind::fixed_model : FileKind::float_model;
  }
  const auto tensors = parse_safetensors(*bytes);
  if (!tensors) return FileKind::something_else;
  const auto format = tensors->metadata.find(format_key);
  if (format == tensors->metadata.end()) return FileKind::state_dict;
  if (format->second == checkpoint_format_name) return FileKind::checkpoint;
  return format->second == format_name ? FileKind::something_else : FileKind::state_dict;
}

Status check_outputs(std::span<const InputFile> inputs, std::span<const OutputFile> outputs, bool replaces_any) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const OutputFile& output = outputs[i];
    for (const InputFile& input : inputs) {
      if (!are_one_file(output.file, input.file)) continue;
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{}: '{}' is what {} reads, '{}'; name another file", output.option,
                               output.file.string(), input.option, input.file.string())};
    }
    for (const OutputFile& other : outputs.first(i)) {
      if (!are_one_file(output.file, other.file)) continue;
      return Error{ErrorCode::invalid_argument, fmt::format("{}: '{}' is what {} writes; name another file",
                                                            output.option, output.file.string(), other.option)};
    }
    if (auto place = check_place(output); !place) return place;
    if (output.kind == FileKind::lock) {
      if (auto free = FileLock::check(output.file); !free) return free;
      continue;
    }
    if (replaces_any) continue;
    if (auto replaced = check_replaced(output); !replaced) return replaced;
  }
  return Ok{};
}

}  // namespace sotto::app
