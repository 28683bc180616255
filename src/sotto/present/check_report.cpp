#include <sotto/data/text.hpp>
#include <sotto/present/check_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace sotto::present {
namespace {

using data::Problem;

// Collects lines with a name and its value in two columns.
class Lines {
 public:
  void heading(std::string_view name) { text_ += fmt::format("\n{}\n", name); }
  void line(std::string_view name, const std::string& value) { text_ += fmt::format("  {:<28} {}\n", name, value); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void write_rows(const CheckReport& report, Lines& lines) {
  const data::ReadReport& read = report.read;
  if (!read.files.empty()) lines.heading("Files");
  constexpr std::size_t max_files = 20;
  for (std::size_t i = 0; i < std::min(read.files.size(), max_files); ++i) {
    const data::FileReading& file = read.files[i];
    lines.line(std::filesystem::path(file.name).filename().string(),
               fmt::format("{}; user {}, item {}, time {} in {}", data::layout_in_words(file),
                           data::in_quotes(file.columns[0]), data::in_quotes(file.columns[1]),
                           data::in_quotes(file.columns[2]), data::times_in_words(file.times)));
  }
  if (read.files.size() > max_files) lines.line("and", fmt::format("{} more", read.files.size() - max_files));
  lines.heading("Rows");
  lines.line("read", fmt::format("{}", read.rows));
  lines.line("refused", fmt::format("{}", read.rows_refused));
  for (const data::RefusedRows& refused : read.refused)
    lines.line(fmt::format("  {}", data::row_rule_name(refused.rule)),
               fmt::format("{}  {}", refused.rows, refused.first));
  if (read.missing_ids > 0) lines.line("  without a user or an item", fmt::format("{}", read.missing_ids));
  if (read.rows_without_weight > 0) lines.line("of weight 0, left out", fmt::format("{}", read.rows_without_weight));
  if (read.rows_rated_low > 0) lines.line("rated too low, left out", fmt::format("{}", read.rows_rated_low));
  if (read.newest_first) lines.line("order", "the newest events first; equal times are taken from the end");
  lines.line("earlier than the one before", fmt::format("{} of {} users", read.events_backwards, read.users_backwards));
  for (const data::FilterStep& step : report.filtered.steps) {
    lines.line(fmt::format("after filter {}", step.name),
               fmt::format("{} events, {} users, {} items", step.events, step.users, step.items));
  }
}

void write_users(const data::Quality& quality, Lines& lines) {
  const data::UserFigures& user = quality.user;
  const data::Quantiles& length = user.history_length;
  lines.heading("Users");
  lines.line("users", fmt::format("{}", quality.users));
  lines.line("events per user",
             fmt::format("mean {:.1f}; 10 % {}, 25 % {}, median {}, 75 % {}, 90 % {}, 99 % {}, most {}", length.mean,
                         length.p10, length.p25, length.median, length.p75, length.p90, length.p99, length.max));
  lines.line(fmt::format("with fewer than {} events", data::cold_user_events),
             fmt::format("{} ({})", user.cold_users, percent_in_text(share(user.cold_users, quality.users), 1)));
  lines.line("events on known items", percent_in_text(user.repeat_rate, 1));
  lines.line("ties in time", percent_in_text(user.tie_share, 1));
  lines.line("duplicates",
             fmt::format("{} ({})", quality.duplicates, percent_in_text(share(quality.duplicates, quality.events), 1)));
  lines.line("outlying users", fmt::format("{} with {} of the events", user.outlying_users,
                                           percent_in_text(share(user.events_of_outlying_users, quality.events), 1)));
  for (const data::OutlyingUser& outlier : user.outliers) {
    lines.line("  " + outlier.id, fmt::format("{} events, {:.1f} a day, {:.1f} deviations above the median",
                                              outlier.events, outlier.events_per_day, outlier.score));
  }
}

void write_items(const CheckReport& report, Lines& lines) {
  const data::ItemFigures& item = report.quality.item;
  lines.heading("Items");
  lines.line("items", fmt::format("{}", report.quality.items));
  lines.line(fmt::format("with fewer than {} events", data::cold_item_events),
             fmt::format("{} ({})", item.cold_items, percent_in_text(share(item.cold_items, report.quality.items), 1)));
  lines.line("popularity",
             fmt::format("Gini {:.2f}; the top 1 % have {} of the events, the top 10 % {}", item.gini,
                         percent_in_text(item.top_1_percent, 1), percent_in_text(item.top_10_percent, 1)));
  if (report.coverage) {
    lines.line("in the items file",
               fmt::format("{} of the log's {}; {} more that nobody has touched", report.coverage->described_items,
                           report.quality.items, report.coverage->file_items - report.coverage->described_items));
    lines.line("  described by", fmt::format("{} titles, {} categories, {} prices", report.coverage->titles,
                                             report.coverage->categories, report.coverage->prices));
  }
}

void write_time(const data::Quality& quality, Lines& lines) {
  const data::DriftFigures& drift = quality.drift;
  lines.heading("Time");
  lines.line("span", fmt::format("{} to {}", date(quality.first_timestamp), date(quality.last_timestamp)));
  const auto [least, most] = std::ranges::minmax(drift.periods, {}, &data::PeriodFigures::events);
  lines.line(fmt::format("events per {}", data::period_name(drift.period)),
             fmt::format("{} to {} in {} {}s", least.events, most.events, drift.periods.size(),
                         data::period_name(drift.period)));
  lines.line(fmt::format("on items new in their {}", data::period_name(drift.period)),
             percent_in_text(drift.new_item_share, 1));
  lines.line(
      "drift of popularity",
      fmt::format("{:.2f}, from the first third of the events to the last (0 none, 1 all)", drift.popularity_distance));
}

// "; --user-column sessionId takes another column", or "".
std::string advice_for_missing_ids(const data::ReadReport& read) {
  std::string words;
  for (const data::RowRule rule : {data::RowRule::user_id, data::RowRule::item_id}) {
    if (const std::string advice = data::other_column_advice(read, rule); !advice.empty()) words += "; " + advice;
  }
  return words;
}

}  // namespace

void examine(CheckReport& report, const data::Interactions& log) {
  report.quality = data::examine(log);
  data::Circumstances circumstances{.now = report.now};
  if (report.coverage) {
    circumstances.described_items = report.coverage->described_items;
    circumstances.rounded_item_ids = report.coverage->rounded_ids.count;
  }
  report.problems = data::find_problems(report.quality, report.read, circumstances);
}

std::string in_words(Problem problem, const CheckReport& report) {
  const data::Quality& quality = report.quality;
  switch (problem) {
    case Problem::rows_refused:
      return fmt::format("{} of {} rows break a rule and are left out", report.read.rows_refused, report.read.rows);
    case Problem::missing_ids:
      return fmt::format("{} of {} rows have no user or no item, or NULL or the like in its place{}",
                         report.read.missing_ids, report.read.rows, advice_for_missing_ids(report.read));
    case Problem::rounded_ids: return data::in_words(report.read.rounded_ids);
    case Problem::duplicates:
      return fmt::format("{} of the events are duplicates (--drop-duplicates)",
                         percent_in_text(share(quality.duplicates, quality.events), 1));
    case Problem::time_goes_backwards:
      return fmt::format(
          "{} of the rows are earlier than their user's row before; harmless if the file is not sorted "
          "by time",
          percent_in_text(share(report.read.events_backwards, report.read.rows), 1));
    case Problem::implausible_times:
      return fmt::format("the log begins on {}; look whether the time is in the right unit",
                         date(quality.first_timestamp));
    case Problem::future_times:
      return fmt::format("the log ends on {}, in the future; look whether the time is in the right unit",
                         date(quality.last_timestamp));
    case Problem::mixed_time_units: {
      std::size_t numbers = 0;
      for (const data::FileReading& file : report.read.files) numbers += file.times.numbers_in_other_units;
      return fmt::format("{} times are in another unit than the others of their file, by their size", numbers);
    }
    case Problem::ties:
      return fmt::format("{} of consecutive events have the same time; their order is that of the file",
                         percent_in_text(quality.user.tie_share, 1));
    case Problem::outlying_users:
      return fmt::format("{} outlying users have {} of the events; perhaps bots or wholesalers",
                         quality.user.outlying_users,
                         percent_in_text(share(quality.user.events_of_outlying_users, quality.events), 1));
    case Problem::cold_users:
      return fmt::format("{} of the users have fewer than {} events",
                         percent_in_text(share(quality.user.cold_users, quality.users), 1), data::cold_user_events);
    case Problem::cold_items:
      return fmt::format("{} of the items have fewer than {} events (--min-item-events)",
                         percent_in_text(share(quality.item.cold_items, quality.items), 1), data::cold_item_events);
    case Problem::new_items:
      return fmt::format("{} of the events are on items that had none in the {} before; train often",
                         percent_in_text(quality.drift.new_item_share, 1), data::period_name(quality.drift.period));
    case Problem::items_not_described:
      return fmt::format("the items file has {} of the log's {} items; look whether the ids agree",
                         report.coverage ? report.coverage->described_items : 0, quality.items);
    case Problem::rounded_item_ids:
      return fmt::format("in the items file {}", data::in_words(report.coverage->rounded_ids));
  }
  return "";
}

std::vector<std::string> summary(const CheckReport& report) {
  const data::Quality& quality = report.quality;
  std::string problems;
  for (const Problem problem : report.problems) problems += (problems.empty() ? "" : "; ") + in_words(problem, report);
  return {fmt::format("{} events of {} users on {} items, {} to {}; {} of {} rows refused", quality.events,
                      quality.users, quality.items, date(quality.first_timestamp), date(quality.last_timestamp),
                      report.read.rows_refused, report.read.rows),
          fmt::format("median {} events per user, {} on items known to the user; the top 10 % of items have {} of the "
                      "events",
                      quality.user.history_length.median, percent_in_text(quality.user.repeat_rate, 1),
                      percent_in_text(quality.item.top_10_percent, 1)),
          problems.empty() ? "the log looks sound ('sotto check' shows more)"
                           : fmt::format("worth a look ('sotto check' shows more): {}", problems)};
}

std::string to_text(const CheckReport& report) {
  Lines lines;
  write_rows(report, lines);
  write_users(report.quality, lines);
  write_items(report, lines);
  write_time(report.quality, lines);
  std::string text =
      fmt::format("{}: {} events of {} users on {} items (fingerprint {})\n", report.log_file, report.quality.events,
                  report.quality.users, report.quality.items, fingerprint_text(report.log.fingerprint)) +
      lines.take() + "\nWorth a look\n";
  for (const Problem problem : report.problems) text += fmt::format("  {}\n", in_words(problem, report));
  if (report.problems.empty()) text += "  nothing: the log looks sound\n";
  return text;
}

}  // namespace sotto::present
