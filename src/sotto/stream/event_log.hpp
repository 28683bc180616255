// The events of a file, by user, as `sotto stream --replay` folds them: JSON Lines of records, or a log with columns.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/byte_source.hpp>
#include <sotto/data/id_dictionary.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/table_reader.hpp>
#include <sotto/model/vocabulary.hpp>
#include <sotto/stream/record.hpp>
#include <sotto/stream/user_fold.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::stream {

// Events by user, in the order of the file. 24 bytes and the event's id for each.
class EventLog {
 public:
  void add(std::string_view user, const FoldEvent& event);

  [[nodiscard]] std::size_t users() const noexcept { return users_.size(); }
  [[nodiscard]] std::string_view user_id(std::size_t user) const noexcept { return users_.ids()[user]; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::size_t events_of(std::size_t user) const noexcept { return by_user_[user].size(); }
  // Valid until the next add().
  [[nodiscard]] FoldEvent event(std::size_t user, std::size_t place) const noexcept;

 private:
  struct Entry {
    std::int64_t at;
    float amount;
    ItemIndex item;
    std::uint64_t id_begin : 48;  // in ids_
    std::uint64_t id_length : 8;
    std::uint64_t kind : 8;
  };

  data::IdDictionary users_;
  std::vector<std::vector<Entry>> by_user_;
  std::string ids_;
  std::uint64_t events_ = 0;
};

// A record that is set aside, as it was.
struct SetAside {
  std::uint64_t line = 0;  // of the file; the first one is 1
  DeadLetter letter;
  std::string record;
};

// {"line", "reason", "detail", "record"}. A record that is not UTF-8 has "record_hex" instead.
[[nodiscard]] std::string text_of(const SetAside& set_aside);

// The columns of a log whose rows are clicks.
struct LogColumns {
  std::string user = "user_id";
  std::string item = "item_id";
  std::string timestamp = "timestamp";
};

struct EventLogOptions {
  std::optional<data::TableFormat> format = {};  // none: by the file's extension, else JSON Lines
  std::optional<LogColumns> columns = {};  // none: JSON Lines are records, CSV and TSV have the columns' default names
  // Takes each dead letter. Without it the first one is an error.
  std::function<void(SetAside)> set_aside = {};
};

// Reads the file; "-" is standard input. Items are those of the vocabulary. Errors name the file, the line and the
// value.
[[nodiscard]] Result<EventLog> read_event_log(const std::filesystem::path& file, const Vocabulary& vocabulary,
                                              const EventLogOptions& options, const data::ReadHooks& hooks = {});

// Does the same for JSON Lines of records from one source. `name` replaces the file's name in errors.
[[nodiscard]] Result<EventLog> read_records(std::unique_ptr<data::ByteSource> source, const std::string& name,
                                            const Vocabulary& vocabulary, const EventLogOptions& options,
                                            const std::function<Status(std::uint64_t)>& on_line = {});

}  // namespace sotto::stream
