#include <sotto/serve/answer.hpp>
#include <sotto/serve/classic_routes.hpp>
#include <sotto/serve/recommend_request.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

// A whole number is an item's index in the catalogue, unless it is the id of an item.
std::string id_of(const std::variant<std::uint64_t, std::string>& input, const LoadedModel& model) {
  if (const auto* id = std::get_if<std::string>(&input)) return *id;
  const std::uint64_t index = std::get<std::uint64_t>(input);
  std::string text = std::to_string(index);
  const auto& ids = model.catalogue().item_ids;
  return model.find(text) || index >= ids.size() ? text : ids[index];
}

void recommend_classic(const Serving& serving, const Call& call, http::Reply reply) {
  const auto arrived = std::chrono::steady_clock::now();
  auto request = parse_classic_request(call.request.body);
  if (!request) return reply(refusal_answer(request.refusal()));
  const DeploymentPointer deployment = serving.models.deployment("");
  if (!deployment) return reply(refusal_answer(unknown_model_refusal("")));

  RankTask task;
  task.model = deployment->for_user("");
  task.home = task.model;
  task.now = serving.now();
  ListWishes wishes;
  wishes.k = request->k;
  task.wishes = std::make_shared<const ListWishes>(std::move(wishes));
  for (const auto& input : request->input) {
    task.events.push_back({.item = id_of(input, *task.model), .at = task.now, .recommendation_id = {}});
  }
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  task.done = [&serving, model = task.model, now = task.now, shared_reply, arrived](Answered<RankedList> list) {
    if (!list) return (*shared_reply)(refusal_answer(list.refusal()));
    auto ids = nlohmann::json::array();
    std::vector<ItemIndex> items;
    for (const ScoredItem& one : list->items) {
      ids.push_back(model->catalogue().item_ids[one.item]);
      items.push_back(one.item);
    }
    const auto took = std::chrono::steady_clock::now() - arrived;
    serving.feedback.shown(*model, items, std::chrono::duration_cast<std::chrono::microseconds>(took).count(), now);
    (*shared_reply)(json_answer({{"recommendations", std::move(ids)}}));
  };
  if (!serving.workers.rank(std::move(task))) (*shared_reply)(refusal_answer(overload_refusal()));
}

}  // namespace

void add_classic_routes(Router& router, const Serving& serving) {
  router.add(
      {.method = "POST",
       .pattern = "/recommend",
       .scope = Scope::recommend,
       .body_limit = max_recommend_body,
       .endpoint = [&serving](Call call, http::Reply reply) { recommend_classic(serving, call, std::move(reply)); },
       .query = {}});
}

}  // namespace sotto::serve
