// What the operator's routes look at.
#pragma once

#include <sotto/http/server.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/feedback_figures.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/store_watch.hpp>
#include <sotto/store/store.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace sotto::serve {

// Everything that is referred to must outlive the routes' last request.
struct Observed {
  store::Store& store;
  StoreWatch& watch;
  Metrics& metrics;
  FeedbackFigures& feedback;
  std::function<std::vector<DeploymentPointer>()> deployments;  // of all models
  std::function<const http::ServerFigures*()> connections;  // null before the server listens
  InBackground in_background;
  Clock now;
  std::int64_t started = 0;  // when the process began, in seconds since 1970
};

}  // namespace sotto::serve
