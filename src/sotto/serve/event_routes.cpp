#include <sotto/base/hash.hpp>
#include <sotto/http/text.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/event_routes.hpp>
#include <sotto/serve/request_events.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::size_t max_idempotency_key = 255;

// An event that cites the list which led to it.
struct Citation {
  Recommendation list;
  std::string item;
};

// Kinds by which a user says that an item was worth showing.
bool speaks_for_item(const RequestEvent& event) {
  switch (event.kind) {
    case FeedbackKind::click:
    case FeedbackKind::cart:
    case FeedbackKind::favourite:
    case FeedbackKind::purchase: return true;
    case FeedbackKind::rating: return event.amount > 0;
    case FeedbackKind::impression:
    case FeedbackKind::dwell:
    case FeedbackKind::dismiss:
    case FeedbackKind::not_this: return false;
  }
  return false;
}

// A list that was made before the user was known is good for every user.
std::optional<Recommendation> cited_list(const Serving& serving, const RequestEvent& event, const std::string& user) {
  for (const std::string_view shown_to : {std::string_view(user), std::string_view()}) {
    if (auto list = verify(event.recommendation_id, shown_to, serving.signing_key)) return std::move(*list);
  }
  serving.metrics.choices_refused.add();
  return std::nullopt;
}

// A version of the deployment, or any other of the registry, which may take a while.
ModelPointer find_version(const Deployment& deployment, std::uint64_t fingerprint) {
  for (const ModelPointer& model : {deployment.current, deployment.previous, deployment.candidate, deployment.shadow}) {
    if (model && model->fingerprint() == fingerprint) return model;
  }
  return nullptr;
}

void count_choice(const Serving& serving, const Citation& citation, const ModelPointer& shown,
                  const ModelPointer& shadow, std::int64_t now) {
  Choice choice;
  if (shown) choice.item = shown->find(citation.item);
  if (shadow) choice.in_shadow = shadow->find(citation.item);
  serving.feedback.chosen(citation.list, choice, now);
}

// Called once the events are stored.
void join(const Serving& serving, const Deployment& deployment, std::vector<Citation> citations, std::int64_t now) {
  for (Citation& citation : citations) {
    const ModelPointer shown = find_version(deployment, citation.list.shown.version);
    const ModelPointer shadow =
        citation.list.shadow ? find_version(deployment, citation.list.shadow->version) : nullptr;
    if (shown && (shadow || !citation.list.shadow)) {
      count_choice(serving, citation, shown, shadow, now);
      continue;
    }
    // The list is of a version that is no longer deployed: reading it is not the writer's work.
    serving.workers.run_later([&serving, citation = std::move(citation), now](Scratch&) {
      const auto of = [&](std::uint64_t fingerprint) {
        auto model = serving.models.version(fingerprint);
        return model ? *model : ModelPointer();
      };
      count_choice(serving, citation, of(citation.list.shown.version),
                   citation.list.shadow ? of(citation.list.shadow->version) : nullptr, now);
    });
  }
}

std::optional<Refusal> read_key(const http::Request& request, std::string& key) {
  std::size_t count = 0;
  for (const http::Header& header : request.headers) {
    if (!http::equal_in_any_case(header.name, "Idempotency-Key")) continue;
    key = header.value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  const bool is_good = count == 1 && !key.empty() && key.size() <= max_idempotency_key &&
                       std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
  if (is_good) return std::nullopt;
  return Refusal{400, "bad_idempotency_key",
                 fmt::format("The header Idempotency-Key has 1 to {} visible ASCII characters.", max_idempotency_key)};
}

std::string content_hash(const std::string& body) {
  return fmt::format("{:016x}", xxh64(std::as_bytes(std::span(body))));
}

http::Response accepted_answer(nlohmann::json counts, std::uint64_t total) {
  counts["events"] = total;
  return json_answer(counts);
}

http::Response appended_answer(const store::Appended& appended) {
  if (appended.kind == store::Appended::Kind::key_reused) {
    return error_answer(422, "idempotency_key_reused",
                        "The Idempotency-Key was used before with another body. Nothing was stored.");
  }
  auto counts = nlohmann::json::parse(appended.answer, nullptr, false);
  if (!counts.is_object()) counts = nlohmann::json::object();
  http::Response response = accepted_answer(std::move(counts), appended.head.last);
  if (appended.kind == store::Appended::Kind::repeated) {
    response.headers.push_back({"Idempotency-Replayed", "true"});
  }
  return response;
}

// Nothing is to be stored, so no transaction is needed.
void answer_without_events(const Serving& serving, const std::string& user, nlohmann::json counts, http::Reply reply) {
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  const bool waits = serving.workers.run([&serving, user, counts, shared_reply](Scratch&) {
    const auto head = serving.store.head(user);
    (*shared_reply)(head ? accepted_answer(counts, head->last) : refusal_answer(store_refusal(head.error())));
  });
  if (!waits) (*shared_reply)(refusal_answer(overload_refusal()));
}

void take_events_of(const Serving& serving, const Call& call, http::Reply reply) {
  const std::int64_t now = serving.now();
  EventWrite write;
  if (const auto refusal = read_key(call.request, write.append.key)) return reply(refusal_answer(*refusal));
  auto request = parse_events_request(call.request.body, now);
  if (!request) return reply(refusal_answer(request.refusal()));
  const DeploymentPointer deployment = serving.models.deployment("");
  if (!deployment) return reply(refusal_answer(unknown_model_refusal("")));

  const ModelPointer& model = deployment->for_user(request->user);
  std::vector<Citation> citations;
  std::size_t unknown = 0;
  for (RequestEvent& event : request->events) {
    if (!model->find(event.item)) {
      ++unknown;
      continue;
    }
    if (!event.recommendation_id.empty() && speaks_for_item(event)) {
      if (auto list = cited_list(serving, event, request->user)) {
        citations.push_back({std::move(*list), event.item});
      }
    }
    write.append.events.push_back(
        {std::move(event.item), event.at, static_cast<std::uint32_t>(event.kind), event.amount});
    if (serving.outbox != nullptr)
      write.append.outgoing.push_back(outgoing_value(write.append.events.back(), event.recommendation_id));
  }
  serving.metrics.events_unknown.add(unknown);
  nlohmann::json counts{{"accepted", write.append.events.size()}, {"unknown_items", unknown}};
  if (write.append.events.empty()) {
    return answer_without_events(serving, request->user, std::move(counts), std::move(reply));
  }

  write.append.user = std::move(request->user);
  write.append.content = content_hash(call.request.body);
  write.append.answer = counts.dump();
  write.append.now = now;
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  write.done = [&serving, deployment, shared_reply, counts = write.append.answer, citations = std::move(citations),
                now](Result<store::Appended> appended) {
    if (!appended) return (*shared_reply)(refusal_answer(store_refusal(appended.error())));
    if (appended->kind == store::Appended::Kind::added) {
      if (serving.outbox != nullptr) serving.outbox->wake();
      appended->answer = counts;
      join(serving, *deployment, citations, now);
    }
    (*shared_reply)(appended_answer(*appended));
  };
  if (!serving.writer.write(std::move(write))) (*shared_reply)(refusal_answer(overload_refusal()));
}

}  // namespace

void add_event_routes(Router& router, const Serving& serving) {
  router.add({.method = "POST",
              .pattern = "/v1/events",
              .scope = Scope::events,
              .body_limit = max_events_body,
              .endpoint = [&serving](Call call, http::Reply reply) { take_events_of(serving, call, std::move(reply)); },
              .query = {}});
}

}  // namespace sotto::serve
