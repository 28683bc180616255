#include <sotto/base/base64url.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/sync_routes.hpp>
#include <sotto/sync/protocol.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace sotto::serve {
namespace {

using aggregate::Reply;

constexpr std::size_t max_upload_body = std::size_t{4} << 20;  // about 55 reports with 4,096 slots
constexpr std::size_t max_job_body = std::size_t{16} << 20;
constexpr std::size_t max_share_body = 64 * 1024;
constexpr std::size_t max_admin_body = 1024;
constexpr std::string_view upload_token_header = "Sotto-Upload-Token";

sync::ByteSpan bytes_of(const std::string& body) { return std::as_bytes(std::span(body)); }

http::Response response_of(const Reply& reply) {
  http::Response response;
  response.status = reply.status;
  if (!reply.content_type.empty()) response.headers.push_back({"Content-Type", reply.content_type});
  if (!reply.location.empty()) response.headers.push_back({"Location", reply.location});
  if (reply.retry_after > 0) response.headers.push_back({"Retry-After", std::to_string(reply.retry_after)});
  if (reply.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body.assign(reinterpret_cast<const char*>(reply.body.data()), reply.body.size());
  response.reason = reply.reason;
  return response;
}

// Only what is missing, or does not fit, is a matter of the request.
http::Response failure_answer(const Error& error) {
  const bool is_of_request = error.code == ErrorCode::missing || error.code == ErrorCode::mismatch;
  return is_of_request ? error_answer(error) : refusal_answer(store_refusal(error));
}

http::Response document(std::string_view type, std::string body, std::string_view caching) {
  http::Response response;
  response.headers = {{"Content-Type", std::string(type)}, {"Cache-Control", std::string(caching)}};
  response.body = std::move(body);
  return response;
}

http::Response bytes_document(sync::ByteSpan bytes, std::string_view type, std::string_view caching) {
  return document(type, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), caching);
}

// A document that many ask for and that changes rarely: it is made at most once a second.
class RecentText {
 public:
  explicit RecentText(std::function<Result<std::string>()> make) : make_(std::move(make)) {}

  Result<std::string> get() {
    const std::scoped_lock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (!text_.empty() && now - made_ < std::chrono::seconds(1)) return text_;
    auto text = make_();
    if (!text) return text;
    text_ = *text;
    made_ = now;
    return text;
  }
  void forget() {
    const std::scoped_lock lock(mutex_);
    text_.clear();
  }

 private:
  std::function<Result<std::string>()> make_;
  std::mutex mutex_;
  std::string text_;
  std::chrono::steady_clock::time_point made_;
};

void add(Router& router, std::string method, std::string pattern, std::size_t body_limit, Endpoint endpoint,
         Scope scope = Scope::open, std::vector<std::string> query = {},
         std::function<bool(const http::Request&, const Parameters&)> reads_body = {}) {
  Route route;
  route.method = std::move(method);
  route.pattern = std::move(pattern);
  route.scope = scope;
  route.body_limit = body_limit;
  route.endpoint = std::move(endpoint);
  route.query = std::move(query);
  route.reads_body = std::move(reads_body);
  router.add(std::move(route));
}

template <class Id>
std::optional<Id> path_id(const Parameters& path, const char* name) {
  const auto found = path.find(name);
  if (found == path.end()) return std::nullopt;
  return sync::id_from_base64url<Id>(found->second);
}
template <class Id>
std::optional<Id> path_id(const Call& call, const char* name) {
  return path_id<Id>(call.path, name);
}

Reply unknown_task() {
  return aggregate::problem_reply(sync::ProblemType::unrecognized_task, "The path has no task's id.", std::nullopt);
}

// Nothing where the request has the message's media type.
std::optional<Reply> wrong_type(const Call& call, std::string_view message) {
  if (sync::is_media_type(call.request.header("Content-Type"), message)) return std::nullopt;
  return aggregate::plain_problem_reply(415, "The body must be " + sync::media_type(message) + ".");
}

// Runs on the threads that compute.
void compute(Workers& workers, Call call, http::Reply reply, std::function<void(const Call&, http::Reply&)> work) {
  const auto kept = std::make_shared<Call>(std::move(call));
  const auto later = std::make_shared<http::Reply>(std::move(reply));
  if (!workers.run([kept, later, work = std::move(work)](Scratch&) { work(*kept, *later); })) {
    Reply busy = aggregate::plain_problem_reply(503, "The server has too much to do. Nothing was done.");
    busy.retry_after = 1;
    (*later)(response_of(busy));
  }
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void upload(aggregate::Leader& leader, const Call& call, http::Reply& reply) {
  const auto task = path_id<sync::TaskId>(call, "task");
  if (!task) return reply(response_of(unknown_task()));
  if (auto refusal = wrong_type(call, sync::upload_req_name)) return reply(response_of(*refusal));
  auto checked = leader.check_upload(*task, bytes_of(call.request.body), call.request.header(upload_token_header));
  if (const auto* refusal = std::get_if<Reply>(&checked)) return reply(response_of(*refusal));
  const auto later = std::make_shared<http::Reply>(std::move(reply));
  leader.store_upload(std::move(*std::get_if<aggregate::Leader::CheckedUpload>(&checked)),
                      [later](const Reply& answer) { (*later)(response_of(answer)); });
}

// The one member of a body {"NAME": N}.
std::optional<std::uint64_t> only_number(const Call& call, const char* name) {
  const auto body = nlohmann::json::parse(call.request.body, nullptr, false);
  if (!body.is_object() || body.size() != 1 || !body.contains(name) || !body[name].is_number_unsigned()) {
    return std::nullopt;
  }
  return body[name].get<std::uint64_t>();
}

http::Response roll_back(aggregate::Leader& leader, const Call& call) {
  const auto wanted = only_number(call, "version");
  if (!wanted) return error_answer(400, "bad_value", "The body must be {\"version\": N}; 0 stands for no trend.");
  auto version = leader.roll_back(*wanted);
  if (!version) return failure_answer(version.error());
  return json_answer({{"version", *version}});
}

http::Response make_tokens(aggregate::Leader& leader, const Call& call) {
  constexpr std::uint64_t max_tokens = 1000;
  const auto count = only_number(call, "count");
  if (!count || *count < 1 || *count > max_tokens) {
    return error_answer(400, "bad_value", "The body must be {\"count\": N} with N from 1 to 1000.");
  }
  auto tokens = leader.make_tokens(*count);
  if (!tokens) return failure_answer(tokens.error());
  http::Response response = json_answer({{"tokens", *tokens}});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

// Leader or helper: what its operator sees.
template <class Side>
void add_overview_route(Router& router, Side& side, const InBackground& in_background) {
  add(
      router, "GET", "/v1/admin/sync/overview", 0,
      [&side, in_background](Call call, http::Reply reply) {
        answer_in_background(in_background, std::move(call), std::move(reply), [&side](const Call&) {
          auto text = side.overview();
          return text ? document("application/json", std::move(*text), "no-store") : failure_answer(text.error());
        });
      },
      Scope::admin);
}

void add_hpke_route(Router& router, const sync::Bytes& configs) {
  add(router, "GET", std::string(sync::hpke_config_path), 0, [configs](const Call&, http::Reply reply) {
    reply(bytes_document(configs, sync::media_type(sync::hpke_config_list_name), "max-age=3600"));
  });
}

}  // namespace

void add_leader_routes(Router& router, aggregate::Leader& leader, Workers& workers, const InBackground& in_background) {
  add_hpke_route(router, leader.hpke_configs());
  add(
      router, "POST", "/tasks/{task}/reports", max_upload_body,
      [&leader, &workers](Call call, http::Reply reply) {
        compute(workers, std::move(call), std::move(reply),
                [&leader](const Call& kept, http::Reply& later) { upload(leader, kept, later); });
      },
      Scope::open, {},
      [&leader](const http::Request&, const Parameters& path) {
        const auto id = path_id<sync::TaskId>(path, "task");
        const auto current = leader.current();
        return id && current && current->task.id == *id;
      });
  const auto manifest = std::make_shared<RecentText>([&leader] { return leader.manifest(); });
  add(router, "GET", "/v1/sync/manifest", 0, [manifest, in_background](Call call, http::Reply reply) {
    answer_in_background(in_background, std::move(call), std::move(reply), [manifest](const Call&) {
      auto text = manifest->get();
      return text ? document("application/json", std::move(*text), "no-cache") : failure_answer(text.error());
    });
  });
  add(router, "GET", "/v1/sync/slots", 0, [&leader](const Call&, http::Reply reply) {
    const auto task = leader.current();
    reply(task ? bytes_document(task->slots, "application/octet-stream", "no-cache")
               : error_answer(404, "not_found", "There is no model yet."));
  });
  add(router, "GET", "/v1/sync/trend/{version}", 0, [&leader, in_background](Call call, http::Reply reply) {
    answer_in_background(in_background, std::move(call), std::move(reply), [&leader](const Call& kept) {
      const auto version = number_of(kept.path.at("version"));
      if (!version) return error_answer(404, "not_found", "There is no such trend.");
      auto trend = leader.trend(*version);
      return trend ? bytes_document(*trend, "application/octet-stream", "public, max-age=31536000, immutable")
                   : failure_answer(trend.error());
    });
  });
  add_overview_route(router, leader, in_background);
  add(
      router, "GET", "/v1/admin/sync/histogram/{version}", 0,
      [&leader, in_background](Call call, http::Reply reply) {
        answer_in_background(in_background, std::move(call), std::move(reply), [&leader](const Call& kept) {
          const auto version = number_of(kept.path.at("version"));
          if (!version) return error_answer(404, "not_found", "There is no such histogram.");
          auto histogram = leader.histogram(*version);
          return histogram ? json_answer({{"version", *version}, {"histogram", *histogram}})
                           : failure_answer(histogram.error());
        });
      },
      Scope::admin);
  add(
      router, "POST", "/v1/admin/sync/tokens", max_admin_body,
      [&leader, in_background](Call call, http::Reply reply) {
        answer_in_background(in_background, std::move(call), std::move(reply),
                             [&leader](const Call& kept) { return make_tokens(leader, kept); });
      },
      Scope::admin);
  add(
      router, "POST", "/v1/admin/sync/rollback", max_admin_body,
      [&leader, manifest, in_background](Call call, http::Reply reply) {
        answer_in_background(in_background, std::move(call), std::move(reply), [&leader, manifest](const Call& kept) {
          auto response = roll_back(leader, kept);
          manifest->forget();
          return response;
        });
      },
      Scope::admin);
}

void add_helper_routes(Router& router, aggregate::Helper& helper, Workers& workers, const InBackground& in_background) {
  add_hpke_route(router, helper.hpke_configs());
  add_overview_route(router, helper, in_background);
  const auto tasks = std::make_shared<RecentText>([&helper] { return helper.task_list(); });
  add(router, "GET", "/tasks.json", 0, [tasks, in_background](Call call, http::Reply reply) {
    answer_in_background(in_background, std::move(call), std::move(reply), [tasks](const Call&) {
      auto text = tasks->get();
      return text ? document("application/json", std::move(*text), "no-cache") : failure_answer(text.error());
    });
  });
  // Of the task's leader alone a body is read.
  const auto is_from_leader = [&helper](const http::Request& head, const Parameters& path) {
    const auto id = path_id<sync::TaskId>(path, "task");
    return id && helper.knows_leader(*id, head.header("Authorization"));
  };
  add(
      router, "POST", "/tasks/{task}/aggregation_jobs", max_job_body,
      [&helper, &workers](Call call, http::Reply reply) {
        compute(workers, std::move(call), std::move(reply), [&helper](const Call& kept, http::Reply& later) {
          const auto task = path_id<sync::TaskId>(kept, "task");
          auto refusal = wrong_type(kept, sync::aggregation_job_init_req_name);
          later(response_of(
              !task     ? unknown_task()
              : refusal ? std::move(*refusal)
                        : helper.start_job(*task, bytes_of(kept.request.body), kept.request.header("Authorization"))));
        });
      },
      Scope::open, {}, is_from_leader);
  // Answers about one job or share: nothing here computes.
  using About = std::function<Reply(const Call&, const sync::TaskId&)>;
  const auto about = [&](const char* method, const char* pattern, About answer, std::vector<std::string> query) {
    add(
        router, method, pattern, 0,
        [in_background, answer = std::move(answer)](Call call, http::Reply reply) {
          answer_in_background(in_background, std::move(call), std::move(reply), [answer](const Call& kept) {
            const auto task = path_id<sync::TaskId>(kept, "task");
            return response_of(task ? answer(kept, *task) : unknown_task());
          });
        },
        Scope::open, std::move(query));
  };
  const auto job_of = [](const Call& call) {
    return path_id<sync::AggregationJobId>(call, "job").value_or(sync::AggregationJobId{});
  };
  about("GET", "/tasks/{task}/aggregation_jobs/{job}",
        [&helper, job_of](const Call& call, const sync::TaskId& task) {
          return helper.job(task, job_of(call), call.request.header("Authorization"));
        },
        {"step"});
  about("DELETE", "/tasks/{task}/aggregation_jobs/{job}",
        [&helper, job_of](const Call& call, const sync::TaskId& task) {
          return helper.delete_job(task, job_of(call), call.request.header("Authorization"));
        },
        {});
  add(
      router, "POST", "/tasks/{task}/aggregate_shares", max_share_body,
      [&helper, &workers](Call call, http::Reply reply) {
        compute(workers, std::move(call), std::move(reply), [&helper](const Call& kept, http::Reply& later) {
          const auto task = path_id<sync::TaskId>(kept, "task");
          auto refusal = wrong_type(kept, sync::aggregate_share_req_name);
          later(response_of(!task     ? unknown_task()
                            : refusal ? std::move(*refusal)
                                      : helper.start_share(*task, bytes_of(kept.request.body),
                                                           kept.request.header("Authorization"))));
        });
      },
      Scope::open, {}, is_from_leader);
  about("GET", "/tasks/{task}/aggregate_shares/{share}",
        [&helper](const Call& call, const sync::TaskId& task) {
          const auto share = path_id<sync::AggregateShareId>(call, "share").value_or(sync::AggregateShareId{});
          return helper.share(task, share, call.request.header("Authorization"));
        },
        {});
}

}  // namespace sotto::serve
