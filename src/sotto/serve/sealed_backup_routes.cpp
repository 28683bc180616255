#include <sotto/aggregate/sha256.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/sealed_backup_routes.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::size_t backup_id_bytes = 32;
constexpr std::size_t min_owner_token = 22;  // characters of base64url: 128 bits
constexpr std::size_t max_owner_token = 128;

http::Response empty_answer(unsigned status) {
  http::Response response;
  response.status = status;
  return response;
}

http::Response no_backup() { return error_answer(404, "unknown_backup", "There is no backup with this id."); }

// The hash of the request's owner token; nothing where it has none that is acceptable.
std::optional<sync::Sha256> owner_of(const http::Request& request) {
  const std::string_view token = request.header("X-Backup-Owner");
  if (token.size() < min_owner_token || token.size() > max_owner_token) return std::nullopt;
  if (!is_base64url(token, token.size() * 3 / 4)) return std::nullopt;
  return aggregate::sha256(std::as_bytes(std::span(token)));
}

http::Response refuse_owner() {
  return error_answer(401, "owner_needed",
                      "The header X-Backup-Owner must have a token of 22 to 128 characters of base64url.");
}

http::Response get_backup(store::Store& store, const std::string& id) {
  auto sealed = store.sealed(id);
  if (!sealed) return refusal_answer(store_refusal(sealed.error()));
  if (!*sealed) return no_backup();
  http::Response response;
  response.headers = {{"Content-Type", "application/octet-stream"}, {"Cache-Control", "no-store"}};
  const auto bytes = std::make_shared<const store::Bytes>(std::move((*sealed)->bytes));
  response.shared = {bytes, *bytes};
  return response;
}

http::Response put_backup(store::Store& store, const std::string& id, const http::Request& request, std::int64_t now) {
  const auto owner = owner_of(request);
  if (!owner) return refuse_owner();
  if (request.body.empty()) return error_answer(400, "empty_backup", "The body is empty.");
  store::SealedBackup backup;
  backup.owner = *owner;
  const auto bytes = std::as_bytes(std::span(request.body));
  backup.bytes.assign(bytes.begin(), bytes.end());
  backup.stored = now;
  const auto stored = store.put_sealed(id, backup);
  if (stored) return empty_answer(204);
  if (stored.error().code == ErrorCode::mismatch) {
    return error_answer(403, "other_owner", "The backup belongs to another owner token.");
  }
  return refusal_answer(store_refusal(stored.error()));
}

http::Response remove_backup(store::Store& store, const std::string& id, const http::Request& request) {
  const auto owner = owner_of(request);
  if (!owner) return refuse_owner();
  const auto sealed = store.sealed(id);
  if (!sealed) return refusal_answer(store_refusal(sealed.error()));
  // Compared here first, in constant time: the store's own comparison need not be.
  if (!*sealed || !aggregate::are_equal_in_constant_time((*sealed)->owner, *owner)) return no_backup();
  const auto was_there = store.remove_sealed(id, *owner);
  if (!was_there) return refusal_answer(store_refusal(was_there.error()));
  return *was_there ? empty_answer(204) : no_backup();
}

}  // namespace

void add_sealed_backup_routes(Router& router, store::Store& store, InBackground in_background, Clock now) {
  const auto in_turn = [in_background](auto answer) {
    return [in_background, answer](Call call, http::Reply reply) {
      if (!is_base64url(call.path.at("id"), backup_id_bytes)) {
        reply(error_answer(400, "malformed_id", "A backup's id is 43 characters of base64url."));
        return;
      }
      answer_in_background(in_background, std::move(call), std::move(reply),
                           [answer](const Call& kept) { return answer(kept.path.at("id"), kept.request); });
    };
  };
  const std::string path = "/v1/backups/{id}";
  router.add({"GET",
              path,
              Scope::open,
              0,
              in_turn([&store](const std::string& id, const http::Request&) { return get_backup(store, id); }),
              {}});
  // Whoever may only read must not fill the disk.
  router.add({"PUT",
              path,
              Scope::events,
              max_sealed_backup,
              in_turn([&store, now](const std::string& id, const http::Request& request) {
                return put_backup(store, id, request, now());
              }),
              {}});
  router.add({"DELETE",
              path,
              Scope::open,
              0,
              in_turn([&store](const std::string& id, const http::Request& request) {
                return remove_backup(store, id, request);
              }),
              {}});
}

}  // namespace sotto::serve
