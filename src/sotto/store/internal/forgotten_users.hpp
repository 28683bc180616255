// The list of the users who were forgotten. It lies outside of the database, so that a restored older backup forgets
// them again. It names nobody: it has keyed hashes of the users' ids.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/durable_file.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::store {

using UserHash = std::array<std::byte, 32>;

inline constexpr int forgotten_days = 400;

// HMAC-SHA-256 of the id.
[[nodiscard]] UserHash user_hash(std::span<const std::byte> key, std::string_view user);
// Random bytes of the operating system's generator.
[[nodiscard]] Result<std::array<std::byte, 32>> random_key();

struct ForgottenUser {
  std::uint64_t number = 0;  // counts from 1 and is never used again
  std::int64_t at = 0;  // seconds since 1970
  UserHash hash{};
};

// A text file: its first line has the format's version, the number of the latest entry that dropped out and the key;
// each further line is an entry. Lines are appended and flushed to the disk. Not for several threads at a time.
class ForgottenList {
 public:
  // The file need not exist. Fails with malformed where it is no such list. A last line without its end is dropped: it
  // was never acknowledged. Numbers continue after `used` where the file was lost.
  [[nodiscard]] static Result<ForgottenList> open(const std::filesystem::path& file, std::uint64_t used);

  [[nodiscard]] std::uint64_t last() const noexcept;
  [[nodiscard]] UserHash hash(std::string_view user) const { return user_hash(key_, user); }
  // The entries after a number, by hash.
  [[nodiscard]] std::map<UserHash, std::uint64_t> after(std::uint64_t number) const;

  // Durable when it returns. Returns the entry's number.
  [[nodiscard]] Result<std::uint64_t> add(std::string_view user, std::int64_t now);
  // Removes the latest entry: the database did not forget the user.
  [[nodiscard]] Status take_back();
  // Drops entries older than forgotten_days.
  [[nodiscard]] Status drop_old(std::int64_t now);

 private:
  explicit ForgottenList(std::filesystem::path file) : file_(std::move(file)) {}
  [[nodiscard]] Status parse(std::string_view text, bool& is_torn);
  [[nodiscard]] Status rewrite();

  std::filesystem::path file_;
  bool exists_ = false;
  std::array<std::byte, 32> key_{};
  std::uint64_t dropped_ = 0;
  std::vector<ForgottenUser> entries_;
};

}  // namespace sotto::store
