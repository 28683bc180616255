#include <sotto/store/internal/forgotten_users.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

namespace sotto::store {
namespace {

constexpr std::string_view list_format = "sotto-forgotten-1";

std::string hex_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

bool take_hex(std::string_view text, std::span<std::byte> bytes) {
  if (text.size() != 2 * bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value = 0;
    const char* end = text.data() + 2 * i + 2;
    const auto [stop, error] = std::from_chars(text.data() + 2 * i, end, value, 16);
    if (error != std::errc() || stop != end) return false;
    bytes[i] = static_cast<std::byte>(value);
  }
  return true;
}

template <class Number>
bool take_number(std::string_view text, Number& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

// Takes the text up to the separator, and the separator.
std::string_view take_until(std::string_view& text, char separator) {
  const auto length = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return part;
}

std::string line_of(const ForgottenUser& entry) {
  return fmt::format("{} {} {}\n", entry.number, entry.at, hex_of(entry.hash));
}

Result<std::optional<std::string>> text_of(const std::filesystem::path& file) {
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) {
    if (errno == ENOENT) return std::optional<std::string>();
    return file_error("open", file);
  }
  std::string text;
  std::array<char, 65536> part{};
  while (true) {
    const ssize_t got = ::read(descriptor.get(), part.data(), part.size());
    if (got < 0) {
      if (errno == EINTR) continue;
      return file_error("read", file);
    }
    if (got == 0) return std::optional(std::move(text));
    text.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

UserHash user_hash(std::span<const std::byte> key, std::string_view user) {
  UserHash hash{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(user.data()),
       user.size(), reinterpret_cast<unsigned char*>(hash.data()), &length);
  return hash;
}

Result<std::array<std::byte, 32>> random_key() {
  std::array<std::byte, 32> key{};
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
    return Error{ErrorCode::io, "the operating system gave no random bytes"};
  return key;
}

Result<ForgottenList> ForgottenList::open(const std::filesystem::path& file, std::uint64_t used) {
  ForgottenList list(file);
  auto text = text_of(file);
  if (!text) return std::move(text).error();
  bool is_torn = false;
  if (*text) {
    if (auto parsed = list.parse(**text, is_torn); !parsed) return std::move(parsed).error();
    list.exists_ = true;
  } else {
    auto key = random_key();
    if (!key) return std::move(key).error();
    list.key_ = *key;
  }
  if (list.last() < used) {
    // The file was lost or is older than the database: its numbers must not come again.
    list.dropped_ = used;
    list.entries_.clear();
    is_torn = list.exists_;
  }
  if (is_torn) {
    if (auto written = list.rewrite(); !written) return std::move(written).error();
  }
  return list;
}

Status ForgottenList::parse(std::string_view text, bool& is_torn) {
  const auto refuse = [&](std::size_t line) {
    return Error{ErrorCode::malformed,
                 fmt::format("line {} of '{}' is no line of a list of forgotten users", line, file_.string())};
  };
  if (text.find('\n') == std::string_view::npos) return refuse(1);
  auto first = take_until(text, '\n');
  if (take_until(first, ' ') != list_format || !take_number(take_until(first, ' '), dropped_) || !take_hex(first, key_))
    return refuse(1);
  for (std::size_t line = 2; !text.empty(); ++line) {
    if (text.find('\n') == std::string_view::npos) {
      is_torn = true;
      break;
    }
    auto rest = take_until(text, '\n');
    ForgottenUser entry;
    if (!take_number(take_until(rest, ' '), entry.number) || !take_number(take_until(rest, ' '), entry.at) ||
        !take_hex(rest, entry.hash) || entry.number <= last())
      return refuse(line);
    entries_.push_back(entry);
  }
  return Ok{};
}

std::uint64_t ForgottenList::last() const noexcept { return entries_.empty() ? dropped_ : entries_.back().number; }

std::map<UserHash, std::uint64_t> ForgottenList::after(std::uint64_t number) const {
  std::map<UserHash, std::uint64_t> found;
  for (const ForgottenUser& entry : entries_) {
    if (entry.number > number) found[entry.hash] = entry.number;
  }
  return found;
}

Status ForgottenList::rewrite() {
  std::string text = fmt::format("{} {} {}\n", list_format, dropped_, hex_of(key_));
  for (const ForgottenUser& entry : entries_) text += line_of(entry);
  auto written = replace_file(file_, text);
  if (written) exists_ = true;
  return written;
}

Result<std::uint64_t> ForgottenList::add(std::string_view user, std::int64_t now) {
  if (!exists_) {
    if (auto made = rewrite(); !made) return std::move(made).error();
  }
  const ForgottenUser entry{last() + 1, now, hash(user)};
  const FileDescriptor descriptor(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!descriptor.is_open()) return file_error("open", file_);
  const off_t size = ::lseek(descriptor.get(), 0, SEEK_END);
  auto written = write_all(descriptor, line_of(entry), file_);
  if (written && ::fsync(descriptor.get()) != 0) written = file_error("flush", file_);
  if (!written) {
    // A part of a line must not stay before the next one.
    if (size < 0 || ::ftruncate(descriptor.get(), size) != 0) exists_ = false;  // the next call writes the file anew
    return std::move(written).error();
  }
  entries_.push_back(entry);
  return entry.number;
}

Status ForgottenList::take_back() {
  if (entries_.empty()) return Ok{};
  const auto length = static_cast<off_t>(line_of(entries_.back()).size());
  entries_.pop_back();
  // Needs no space: the disk may be full.
  const FileDescriptor descriptor(::open(file_.c_str(), O_WRONLY | O_CLOEXEC));
  const off_t size = descriptor.is_open() ? ::lseek(descriptor.get(), 0, SEEK_END) : -1;
  if (size < length || ::ftruncate(descriptor.get(), size - length) != 0 || ::fsync(descriptor.get()) != 0) {
    exists_ = false;  // the next call writes the file anew
    return file_error("shorten", file_);
  }
  return Ok{};
}

Status ForgottenList::drop_old(std::int64_t now) {
  const auto is_old = [&](const ForgottenUser& entry) { return entry.at < now - std::int64_t{forgotten_days} * 86400; };
  const auto first_kept = std::ranges::find_if_not(entries_, is_old);
  if (first_kept == entries_.begin()) return Ok{};
  const auto before = *this;
  dropped_ = std::prev(first_kept)->number;
  entries_.erase(entries_.begin(), first_kept);
  auto written = rewrite();
  if (!written) *this = before;
  return written;
}

}  // namespace sotto::store
