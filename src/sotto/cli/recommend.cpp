#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/nearest.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/text.hpp>
#include <sotto/model/vocabulary.hpp>
#include <sotto/personal/owning_personal_session.hpp>
#include <sotto/present/recommendation_report.hpp>
#include <sotto/runtime/explanation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace sotto::cli {
namespace {

constexpr std::int64_t seconds_between_events = 60;  // of events that are given without times
constexpr std::size_t reasons_shown = 3;

struct RecommendCommand {
  std::string model;
  std::vector<std::string> events;
  std::string user;
  LogOptions log;
  std::size_t top = 10;
  bool leave_out_seen = false;
  bool json = false;
};

struct UserEvent {
  std::string item;
  std::int64_t time;
};

Result<std::vector<UserEvent>> events_of_user(app::Logger& log, const RecommendCommand& options,
                                              const std::atomic<bool>& stop) {
  const auto read = read_log(log, options.log, data::SplitKind::none, stop);
  if (!read) return read.error();
  const data::Interactions& interactions = read->log;
  for (std::size_t user = 0; user < interactions.users(); ++user) {
    if (interactions.user_ids[user] != options.user) continue;
    std::vector<UserEvent> events;
    for (std::size_t i = 0; i < interactions.items_of(user).size(); ++i)
      events.push_back({interactions.item_ids[interactions.items_of(user)[i]], interactions.times_of(user)[i]});
    return events;
  }
  return Error{ErrorCode::missing, fmt::format("{}: no user {}; one of its {} users is {}", options.log.name(),
                                               data::in_quotes(options.user), interactions.users(),
                                               data::in_quotes(interactions.user_ids[0]))};
}

std::vector<UserEvent> given_events(const std::vector<std::string>& items) {
  std::vector<UserEvent> events;
  for (const std::string& item : items)
    events.push_back({item, static_cast<std::int64_t>(events.size()) * seconds_between_events});
  return events;
}

// Ids or titles that may have been meant by an unknown id.
std::string suggestion(const std::string& item, const Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.titles.size(); ++i) {
    if (catalogue.titles[i] == item)
      return fmt::format("; that is a title, the id is {}", data::in_quotes(catalogue.item_ids[i]));
  }
  const auto meant = nearest(item, catalogue.item_ids);
  return meant ? fmt::format("; did you mean {}?", data::in_quotes(*meant)) : "; 'sotto inspect' shows the items";
}

std::vector<EventContribution> largest(std::vector<EventContribution> contributions) {
  std::erase_if(contributions, [](const EventContribution& c) { return c.logit <= 0; });
  if (contributions.size() > reasons_shown) contributions.resize(reasons_shown);
  return contributions;
}

int run(app::Logger& log, RecommendCommand& options) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  const auto loaded = app::load_fixed_model(options.model);
  if (!loaded) return fail(log, loaded.error());
  const Catalogue& catalogue = loaded->model.info.catalogue;
  options.log.take_vocabulary_limit(loaded->model.info.training.vocabulary);
  auto events = options.user.empty() ? Result<std::vector<UserEvent>>(given_events(options.events))
                                     : events_of_user(log, options, stop);
  if (!events) return fail(log, events.error());

  const Vocabulary vocabulary(catalogue);
  const Engine engine(loaded->model, loaded->fingerprint);
  OwningPersonalSession session(engine);
  present::RecommendationReport report{.model_file = options.model, .events = {}, .unknown_items = {}, .items = {}};
  std::int64_t now = 0;
  for (const UserEvent& event : *events) {
    const auto item = vocabulary.find(event.item);
    if (!item) {
      report.unknown_items.push_back(event.item);
      continue;
    }
    if (auto seen = session.observe(*item, event.time); !seen) return fail(log, seen.error());
    report.events.push_back(*item);
    now = event.time;
  }
  if (report.events.empty() && !report.unknown_items.empty()) {
    const std::string& first = report.unknown_items.front();
    return fail(log, {ErrorCode::unknown_item,
                      fmt::format("the model has no item {}{}", data::in_quotes(first), suggestion(first, catalogue))});
  }
  if (!report.unknown_items.empty()) {
    log.warning(fmt::format("the model does not have {} of the {} events' items, the first is {}; they are left out",
                            report.unknown_items.size(), events->size(),
                            data::in_quotes(report.unknown_items.front())));
  }

  std::vector<ScoredItem> best(std::min<std::size_t>(options.top, catalogue.size()));
  const RecommendOptions leaving_out{.exclude = options.leave_out_seen ? std::span<const ItemIndex>(report.events)
                                                                       : std::span<const ItemIndex>{}};
  best.resize(session.recommend(now, leaving_out, best));
  Workspace workspace(engine);
  for (const ScoredItem& scored : best) {
    auto reasons = why(engine, session.user().state(), scored.item, workspace);
    if (!reasons) return fail(log, reasons.error());
    report.items.push_back({scored, largest(*std::move(reasons))});
  }
  options.json ? print_json(to_json(report, catalogue)) : print(to_text(report, catalogue));
  return exit_ok;
}

}  // namespace

Run add_recommend(Command command) {
  auto options = std::make_shared<RecommendCommand>();
  command.option("--model", options->model, "fixed-point model").required().type("MODEL").reads();
  const Option events =
      command
          .option("--events", options->events, "ids of the items that the user has met, oldest first, comma-separated")
          .list(',')
          .type("ID,…");
  const Option user =
      command.option("--user", options->user, "id of a user of the log, whose events are taken from it").type("ID");
  command.option("--top", options->top, "length of the list")
      .range(std::size_t{1}, std::size_t{1000})
      .type("K")
      .shows_default();
  command.flag("--leave-out-seen", options->leave_out_seen, "leave the items of the events out of the list");
  command.flag("--json", options->json, "print the result as one JSON object");
  const Option source = options->log.add_source_to(command);
  command.check_together([events, user, source] {
    if (events.given() && user.given()) return std::string("--events and --user exclude each other");
    if (user.given() && !source.given()) return std::string("--user requires --interactions, the log with its events");
    if (source.given() && !user.given()) return std::string("--interactions requires --user, one of its users");
    return std::string();
  });
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
