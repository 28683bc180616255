#include <sotto/present/check_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/page.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::present {
namespace {

void add_row(report::Table& table, std::string name, std::string value) {
  table.rows.push_back({report::Cell(std::move(name)), report::Cell(std::move(value))});
}

report::Table figures(std::string caption) {
  return {.caption = std::move(caption), .columns = {{.name = ""}, {.name = "", .numeric = true}}, .rows = {}};
}

void add_problems(report::Page& page, const CheckReport& check) {
  page.heading("Worth a look");
  if (check.problems.empty()) page.paragraph("Nothing: the log looks sound.");
  for (const data::Problem problem : check.problems) page.paragraph(in_words(problem, check) + ".");
}

void add_rows(report::Page& page, const CheckReport& check) {
  page.heading("Rows");
  report::Table rows = figures("");
  add_row(rows, "read", count(check.read.rows));
  add_row(rows, "refused", count(check.read.rows_refused));
  add_row(rows, "left out: their type of event weighs 0", count(check.read.rows_without_weight));
  add_row(rows, "left out: rated too low", count(check.read.rows_rated_low));
  add_row(rows, "earlier than their user's row before", count(check.read.events_backwards));
  add_row(rows, "duplicates among the events", count(check.quality.duplicates));
  page.table(rows);
  if (!check.read.refused.empty()) {
    report::Table refused{.caption = "Refused rows",
                          .columns = {{.name = "rule"}, {.name = "rows", .numeric = true}, {.name = "the first"}},
                          .rows = {}};
    for (const data::RefusedRows& rule : check.read.refused) {
      refused.rows.push_back({report::Cell(std::string(data::row_rule_name(rule.rule))), report::Cell(count(rule.rows)),
                              report::Cell(rule.first)});
    }
    page.table(refused);
  }
  if (check.filtered.steps.empty()) return;
  report::Table steps{.caption = "Filters",
                      .columns = {{.name = "after"},
                                  {.name = "events", .numeric = true},
                                  {.name = "users", .numeric = true},
                                  {.name = "items", .numeric = true}},
                      .rows = {}};
  const auto add_step = [&steps](const data::FilterStep& step) {
    steps.rows.push_back({report::Cell(std::string(step.name)), report::Cell(count(step.events)),
                          report::Cell(count(step.users)), report::Cell(count(step.items))});
  };
  add_step(check.filtered.before);
  for (const data::FilterStep& step : check.filtered.steps) add_step(step);
  page.table(steps);
}

void add_users(report::Page& page, const data::Quality& quality) {
  const data::UserFigures& user = quality.user;
  page.heading("Users");
  report::Table table = figures("");
  add_row(table, "users", count(quality.users));
  add_row(table, fmt::format("users with fewer than {} events", data::cold_user_events),
          percent_on_page(share(user.cold_users, quality.users), 1));
  add_row(table, "events per user, median", report::number_text(user.history_length.median, 0));
  add_row(table, "events per user, mean", report::number_text(user.history_length.mean, 1));
  add_row(table, "events on items known to the user", percent_on_page(user.repeat_rate, 1));
  add_row(table, "consecutive events at the same time", percent_on_page(user.tie_share, 1));
  page.table(table);

  report::Bars lengths{.title = "Length of histories", .unit = "users", .items = {}};
  for (std::size_t bucket = 0; bucket < user.length_histogram.size(); ++bucket) {
    const std::size_t least = std::size_t{1} << bucket;
    lengths.items.push_back({.label = bucket == 0 ? "1 event" : fmt::format("{} – {}", least, 2 * least - 1),
                             .value = static_cast<double>(user.length_histogram[bucket])});
  }
  page.bars(lengths);

  page.paragraph(fmt::format("{} outlying users have {} of the events.", count(user.outlying_users),
                             percent_on_page(share(user.events_of_outlying_users, quality.events), 1)));
  if (user.outliers.empty()) return;
  report::Table outliers{.caption = "The most outlying users: bots, wholesalers, shared accounts?",
                         .columns = {{.name = "user"},
                                     {.name = "events", .numeric = true},
                                     {.name = "events per active day", .numeric = true},
                                     {.name = "deviations above the median", .numeric = true}},
                         .rows = {}};
  for (const data::OutlyingUser& outlier : user.outliers) {
    outliers.rows.push_back({report::Cell(outlier.id), report::Cell(count(outlier.events)),
                             report::Cell(report::number_text(outlier.events_per_day, 1)),
                             report::Cell(report::number_text(outlier.score, 1))});
  }
  page.table(outliers);
}

void add_items(report::Page& page, const CheckReport& check) {
  const data::ItemFigures& item = check.quality.item;
  page.heading("Items");
  report::Table table = figures("");
  add_row(table, "items", count(check.quality.items));
  add_row(table, fmt::format("items with fewer than {} events", data::cold_item_events),
          percent_on_page(share(item.cold_items, check.quality.items), 1));
  add_row(table, "Gini coefficient of popularity", report::number_text(item.gini, 2));
  add_row(table, "events on the top 1 % of items", percent_on_page(item.top_1_percent, 1));
  add_row(table, "events on the top 10 % of items", percent_on_page(item.top_10_percent, 1));
  if (check.coverage) {
    add_row(table, "items of the log that the items file has", count(check.coverage->described_items));
    add_row(table, "items of the items file that nobody has touched",
            count(check.coverage->file_items - check.coverage->described_items));
  }
  page.table(table);

  report::Series curve{.name = "share of events", .x = {}, .y = {}};
  for (std::size_t percent_of_items = 0; percent_of_items < item.popularity_curve.size(); ++percent_of_items) {
    curve.x.push_back(static_cast<double>(percent_of_items));
    curve.y.push_back(100 * item.popularity_curve[percent_of_items]);
  }
  page.lines({.title = "Popularity",
              .x_label = "most popular items, % of all",
              .y_label = "% of events",
              .series = {std::move(curve)}});
}

void add_time(report::Page& page, const data::Quality& quality) {
  const data::DriftFigures& drift = quality.drift;
  const std::string period(data::period_name(drift.period));
  page.heading("Time");
  report::Table table = figures("");
  add_row(table, "first event", date(quality.first_timestamp));
  add_row(table, "last event", date(quality.last_timestamp));
  add_row(table, "events on items new in their " + period, percent_on_page(drift.new_item_share, 1));
  add_row(table, "drift of popularity, first to last third (0 … 1)", report::number_text(drift.popularity_distance, 2));
  page.table(table);

  report::Series events{.name = "events", .x = {}, .y = {}};
  report::Series on_new_items{.name = "on new items", .x = {}, .y = {}};
  for (std::size_t i = 0; i < drift.periods.size(); ++i) {
    events.x.push_back(static_cast<double>(i + 1));
    events.y.push_back(static_cast<double>(drift.periods[i].events));
    if (i == 0) continue;
    on_new_items.x.push_back(static_cast<double>(i + 1));
    on_new_items.y.push_back(static_cast<double>(drift.periods[i].events_on_new_items));
  }
  const std::string x_label = fmt::format("{}s from {}", period, date(drift.periods.front().begin));
  page.lines({.title = "Events per " + period,
              .x_label = x_label,
              .y_label = "events",
              .series = {std::move(events), std::move(on_new_items)}});
}

}  // namespace

std::string to_html(const CheckReport& check) {
  report::Page page("Check of " + check.log_file);
  page.paragraph(fmt::format("{} events of {} users on {} items, fingerprint {}.", count(check.quality.events),
                             count(check.quality.users), count(check.quality.items),
                             fingerprint_text(check.log.fingerprint)));
  add_problems(page, check);
  add_rows(page, check);
  add_users(page, check.quality);
  add_items(page, check);
  add_time(page, check.quality);
  page.heading("How this was made");
  page.command(check.command_line);
  return page.html();
}

}  // namespace sotto::present
