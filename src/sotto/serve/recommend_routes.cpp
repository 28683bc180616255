#include <sotto/serve/answer.hpp>
#include <sotto/serve/list_answer.hpp>
#include <sotto/serve/recommend_request.hpp>
#include <sotto/serve/recommend_routes.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

using Moment = std::chrono::steady_clock::time_point;

std::int64_t micros_since(Moment start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

// The deployments that one request is answered from, taken once.
struct Deployments {
  DeploymentPointer asked;
  DeploymentPointer home;  // whose versions users' states belong to
};

Answered<Deployments> deployments_of(const Models& models, const std::string& name) {
  Deployments found{.asked = models.deployment(name), .home = nullptr};
  if (!found.asked) return unknown_model_refusal(name);
  found.home = name.empty() ? found.asked : models.deployment("");
  if (found.home->name == found.asked->name) found.home = found.asked;
  return found;
}

RankTask task_for(const Deployments& deployments, std::string user, bool is_shadowed) {
  RankTask task;
  task.model = deployments.asked->for_user(user);
  task.home = deployments.home->for_user(user);
  if (is_shadowed && deployments.asked->shadow != task.model) task.shadow = deployments.asked->shadow;
  task.user = std::move(user);
  return task;
}

// Tells the feedback loop of the list, and returns the answer's document with the list's id.
nlohmann::json shown_document(const Serving& serving, const RankTask& task, RankedList& list, Moment arrived) {
  Recommendation recommendation{task.now, {task.model->fingerprint(), {}}, std::move(list.shadow)};
  for (const ScoredItem& one : list.items) recommendation.shown.items.push_back(one.item);
  nlohmann::json document = list_document(list, *task.model);
  document["recommendation_id"] = sign(recommendation, task.user, serving.signing_key);
  serving.feedback.shown(*task.model, recommendation.shown.items, micros_since(arrived), task.now);
  return document;
}

void recommend(const Serving& serving, const Call& call, http::Reply reply) {
  const Moment arrived = std::chrono::steady_clock::now();
  const std::int64_t now = serving.now();
  auto request = parse_recommend_request(call.request.body, now);
  if (!request) return reply(refusal_answer(request.refusal()));
  auto deployments = deployments_of(serving.models, request->wishes.model);
  if (!deployments) return reply(refusal_answer(deployments.refusal()));

  RankTask task = task_for(*deployments, std::move(request->user), deployments->asked->is_shadowed(call.request.id));
  task.events = std::move(request->events);
  task.wishes = std::make_shared<const ListWishes>(std::move(request->wishes));
  task.now = now;
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  // What the answer needs of the task, without what only the ranking needs.
  auto shown = std::make_shared<RankTask>();
  shown->model = task.model;
  shown->user = task.user;
  shown->now = now;
  task.done = [&serving, shown, shared_reply, arrived](Answered<RankedList> list) {
    if (!list) return (*shared_reply)(refusal_answer(list.refusal()));
    nlohmann::json document = shown_document(serving, *shown, *list, arrived);
    document["took_us"] = micros_since(arrived);
    (*shared_reply)(json_answer(document));
  };
  if (!serving.workers.rank(std::move(task))) (*shared_reply)(refusal_answer(overload_refusal()));
}

// The answers of a batch come from several threads. The last one sends all of them.
struct Batch {
  Batch(http::Reply batch_reply, std::size_t size) : reply(std::move(batch_reply)), results(size), missing(size) {}

  http::Reply reply;
  std::vector<nlohmann::json> results;
  std::atomic<std::size_t> missing;
};

void finish_batch(Batch& batch, Moment arrived) {
  auto results = nlohmann::json::array();
  for (nlohmann::json& result : batch.results) results.push_back(std::move(result));
  batch.reply(json_answer({{"results", std::move(results)}, {"took_us", micros_since(arrived)}}));
}

void recommend_batch(const Serving& serving, const Call& call, http::Reply reply) {
  const Moment arrived = std::chrono::steady_clock::now();
  const std::int64_t now = serving.now();
  auto request = parse_batch_request(call.request.body);
  if (!request) return reply(refusal_answer(request.refusal()));
  auto deployments = deployments_of(serving.models, request->wishes.model);
  if (!deployments) return reply(refusal_answer(deployments.refusal()));

  const auto wishes = std::make_shared<const ListWishes>(std::move(request->wishes));
  const auto batch = std::make_shared<Batch>(std::move(reply), request->users.size());
  if (request->users.empty()) return finish_batch(*batch, arrived);
  const bool is_shadowed = deployments->asked->is_shadowed(call.request.id);
  std::vector<RankTask> tasks;
  for (std::size_t n = 0; n < request->users.size(); ++n) {
    RankTask task = task_for(*deployments, std::move(request->users[n]), is_shadowed);
    task.wishes = wishes;
    task.now = now;
    auto shown = std::make_shared<RankTask>();
    shown->model = task.model;
    shown->user = task.user;
    shown->now = now;
    task.done = [&serving, shown, batch, n, arrived](Answered<RankedList> list) {
      nlohmann::json& result = batch->results[n];
      if (list) {
        result = shown_document(serving, *shown, *list, arrived);
      } else {
        result["error"] = {{"code", list.refusal().code}, {"message", list.refusal().message}};
      }
      result["user"] = shown->user;
      if (batch->missing.fetch_sub(1) == 1) finish_batch(*batch, arrived);
    };
    tasks.push_back(std::move(task));
  }
  // Users of the same version stand together, so that they are computed together.
  std::ranges::stable_sort(tasks, {}, [](const RankTask& task) { return task.model->fingerprint(); });
  if (!serving.workers.rank_all(std::move(tasks))) batch->reply(refusal_answer(overload_refusal()));
}

}  // namespace

void add_recommend_routes(Router& router, const Serving& serving) {
  router.add({.method = "POST",
              .pattern = "/v1/recommend",
              .scope = Scope::recommend,
              .body_limit = max_recommend_body,
              .endpoint = [&serving](Call call, http::Reply reply) { recommend(serving, call, std::move(reply)); },
              .query = {}});
  router.add(
      {.method = "POST",
       .pattern = "/v1/recommend/batch",
       .scope = Scope::recommend,
       .body_limit = max_recommend_body,
       .endpoint = [&serving](Call call, http::Reply reply) { recommend_batch(serving, call, std::move(reply)); },
       .query = {}});
}

}  // namespace sotto::serve
