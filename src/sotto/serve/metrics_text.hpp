// The server's numbers in Prometheus' text format. docs/metrics.md lists them.
#pragma once

#include <sotto/serve/observed.hpp>

#include <string>

namespace sotto::serve {

inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

// Does not wait for the store.
[[nodiscard]] std::string metrics_text(const Observed& observed);

}  // namespace sotto::serve
