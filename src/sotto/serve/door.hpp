// What every request passes before its endpoint: route, origin, API key and query. It also counts and logs the answers.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/http/server.hpp>
#include <sotto/serve/api_keys.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/router.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

struct DoorOptions {
  // Pages from these origins, such as "https://shop.example", may call the server (CORS). Pages from the server's own
  // address always may.
  std::vector<std::string> origins;
  bool log_requests = true;  // one line for each answer
};

// Accepts "https://shop.example" and "http://127.0.0.1:3000": a scheme, a host and perhaps a port, in lowercase, as
// browsers send them. "*" is no origin: with it, any page could use what the server opens to its neighbors. Fails with
// invalid_argument.
[[nodiscard]] Status check_origin(std::string_view origin);

class Door final : public http::Handler {
 public:
  // The router has all its routes by now. Everything must outlive the door. The log and the metrics must also outlive
  // the last answer, which may come after the door.
  Door(const Router& router, const ApiKeys& keys, app::Logger& log, Metrics& metrics, DoorOptions options = {});

  void handle(http::Request request, http::Reply reply) override;
  [[nodiscard]] http::Intake intake(const http::Request& head) const override;

 private:
  class Answer;
  struct Ledger;
  // What the door does with a request. All of it follows from the head.
  enum class Verdict { passes, nothing_here, preflight, wrong_method, malformed_path, foreign_page, bad_key };

  [[nodiscard]] bool is_allowed(std::string_view origin) const noexcept;
  // Fills in the decision about the key where the request gets so far.
  [[nodiscard]] Verdict judge(const http::Request& request, const Router::Match& match, KeyDecision& decision) const;
  [[nodiscard]] http::Response preflight(const http::Request& request, const Router::Match& match) const;
  [[nodiscard]] http::Response refuse_key(const Route& route, const KeyDecision& decision, bool was_sent) const;

  const Router& router_;
  const ApiKeys& keys_;
  Metrics& metrics_;
  const std::vector<std::string> origins_;
  const std::shared_ptr<const Ledger> ledger_;
};

}  // namespace sotto::serve
