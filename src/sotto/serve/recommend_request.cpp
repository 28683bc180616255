#include <sotto/serve/body_object.hpp>
#include <sotto/serve/recommend_request.hpp>
#include <sotto/stream/user_id.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {
namespace {

using stream::FieldReader;
using stream::max_id;

ListWishes read_wishes(FieldReader& reader) {
  ListWishes wishes;
  wishes.k = reader.whole("k", 1, max_k).value_or(wishes.k);
  wishes.exclude = reader.texts("exclude", max_filter_ids).value_or(std::vector<std::string>());
  wishes.categories = reader.texts("categories", max_filter_ids);
  wishes.among = reader.texts("among", max_filter_ids);
  wishes.diversity = reader.number("diversity", 0, 1).value_or(0);
  wishes.explain = reader.flag("explain");
  wishes.model = reader.text("model", max_id).value_or("");
  if (wishes.explain && wishes.k > max_explained_k) {
    reader.refuse("bad_value", fmt::format("With 'explain', the field 'k' is at most {}.", max_explained_k));
  }
  return wishes;
}

}  // namespace

Answered<RecommendRequest> parse_recommend_request(std::string_view body, std::int64_t now) {
  auto document = body_object(body);
  if (!document) return document.refusal();
  FieldReader reader(*document, "");
  RecommendRequest request;
  request.user = reader.user().value_or("");
  if (const nlohmann::json* list = reader.take("events")) request.events = read_events(*list, now, false, reader);
  request.wishes = read_wishes(reader);
  reader.refuse_others();
  if (const auto& fault = reader.fault()) return fault_refusal(*fault);
  return request;
}

Answered<BatchRequest> parse_batch_request(std::string_view body) {
  auto document = body_object(body);
  if (!document) return document.refusal();
  FieldReader reader(*document, "");
  BatchRequest request;
  if (auto users = reader.texts("users", max_batch_users)) {
    request.users = std::move(*users);
  } else {
    reader.refuse("missing_field", "The field 'users' is missing.");
  }
  for (const std::string& user : request.users) {
    if (!stream::is_user_id(user)) {
      reader.refuse("bad_value",
                    fmt::format("Each user has 1 to {} bytes without control characters.", stream::max_user_id));
    }
  }
  request.wishes = read_wishes(reader);
  reader.refuse_others();
  if (const auto& fault = reader.fault()) return fault_refusal(*fault);
  return request;
}

Answered<ClassicRequest> parse_classic_request(std::string_view body) {
  auto document = body_object(body);
  if (!document) return document.refusal();
  FieldReader reader(*document, "");
  ClassicRequest request;
  const nlohmann::json* input = reader.take("input");
  if (input == nullptr) {
    reader.refuse("missing_field", "The field 'input' is missing.");
  } else if (!input->is_array() || input->size() > max_request_events) {
    reader.refuse("bad_value", fmt::format("The field 'input' is a list of at most {} items.", max_request_events));
  } else {
    for (const nlohmann::json& item : *input) {
      if (item.is_number_unsigned()) {
        request.input.emplace_back(item.get<std::uint64_t>());
      } else if (const auto* id = item.get_ptr<const std::string*>(); id != nullptr && id->size() <= max_id) {
        request.input.emplace_back(*id);
      } else {
        reader.refuse("bad_value", fmt::format("Each element of 'input' is an item's index, 0 or more, or its id of "
                                               "at most {} bytes.",
                                               max_id));
        break;
      }
    }
  }
  request.k = reader.whole("k", 1, max_k).value_or(request.k);
  reader.refuse_others();
  if (const auto& fault = reader.fault()) return fault_refusal(*fault);
  return request;
}

}  // namespace sotto::serve
