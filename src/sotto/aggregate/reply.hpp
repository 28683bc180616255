// What an aggregator answers to a request of the protocol. The HTTP server turns it into a response (serve/).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/problem_type.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sotto::aggregate {

struct Reply {
  unsigned status = 200;
  std::string content_type;
  std::string location;  // a path below the aggregator's endpoint; or empty
  sync::Bytes body;
  unsigned retry_after = 0;  // seconds; 0: no header
  std::string reason = {};  // why the request failed, for the log alone
};

// A message of the protocol; `name` is one of protocol.hpp.
[[nodiscard]] Reply message_reply(unsigned status, std::string_view name, sync::Bytes body);
// A problem document (RFC 9457) of the protocol.
[[nodiscard]] Reply problem_reply(sync::ProblemType type, std::string_view detail,
                                  const std::optional<sync::TaskId>& task);
// A problem document without a type of the protocol: 401, 404, 413, 503.
[[nodiscard]] Reply plain_problem_reply(unsigned status, std::string_view title);
// The store cannot be used: nothing was done, and the client comes again. The reason is for the log alone.
[[nodiscard]] Reply unavailable_reply(std::string reason);

}  // namespace sotto::aggregate
