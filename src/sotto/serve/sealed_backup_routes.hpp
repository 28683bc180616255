// GET, PUT and DELETE /v1/backups/{id}: a page's state, encrypted by the page with a key that the server never has.
//
// The id is 32 random bytes that the page derives from the user's key, so that knowing it is the right to read. The
// token in the header X-Backup-Owner is the right to replace and to remove. Nobody can guess an id, so the answers do
// not hide from a client that has one whether it is in use: DELETE with another token is answered as for an id that
// does not exist, and a PUT with another token fails with 403, because it cannot succeed without harm to the owner.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/store_watch.hpp>
#include <sotto/store/store.hpp>

#include <cstddef>

namespace sotto::serve {

inline constexpr std::size_t max_sealed_backup = 256 * 1024;  // bytes

// The store must outlive the tasks that `in_background` takes.
void add_sealed_backup_routes(Router& router, store::Store& store, InBackground in_background, Clock now);

}  // namespace sotto::serve
