// What the routes of users work with. Service makes it (service.hpp).
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/event_writer.hpp>
#include <sotto/serve/feedback_loop.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/outbox_sender.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/store_watch.hpp>
#include <sotto/serve/users.hpp>
#include <sotto/serve/workers.hpp>
#include <sotto/store/store.hpp>

namespace sotto::serve {

// All that is referred to must outlive the last request.
struct Serving {
  store::Store& store;
  Models& models;
  FeedbackLoop& feedback;
  Metrics& metrics;
  Users& users;
  Workers& workers;
  EventWriter& writer;
  SigningKey signing_key{};
  Clock now;
  OutboxSender* outbox = nullptr;  // null: events stay here
};

}  // namespace sotto::serve
