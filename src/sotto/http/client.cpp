#include <sotto/http/client.hpp>

#include <curl/curl.h>

#include <array>
#include <mutex>
#include <utility>

namespace sotto::http {
namespace {

constexpr const char* protocols = "http,https";

struct Collected {
  std::vector<std::byte> body;
  std::size_t limit = 0;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* context) {
  auto& collected = *static_cast<Collected*>(context);
  const std::size_t bytes = size * count;
  if (bytes > collected.limit - collected.body.size()) return 0;  // another number than `bytes` ends the transfer
  const auto* start = reinterpret_cast<const std::byte*>(data);
  collected.body.insert(collected.body.end(), start, start + bytes);
  return bytes;
}

struct Stop {
  bool (*asked)(void*) = nullptr;
  void* context = nullptr;
};

int progress(void* context, curl_off_t /*unused*/, curl_off_t /*unused*/, curl_off_t /*unused*/,
             curl_off_t /*unused*/) {
  const auto& stop = *static_cast<const Stop*>(context);
  return stop.asked != nullptr && stop.asked(stop.context) ? 1 : 0;
}

Error out_of_memory() { return {ErrorCode::io, "libcurl has no memory"}; }

class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list_); }
  void add(const std::string& line) {
    if (auto* longer = curl_slist_append(list_, line.c_str()); longer != nullptr) list_ = longer;
  }
  [[nodiscard]] curl_slist* get() const noexcept { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace

struct Client::Handle {
  Handle() {
    static std::once_flag started;
    std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    curl = curl_easy_init();
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }
  CURL* curl = nullptr;
};

Client::Client() : Client(Limits{}) {}
Client::Client(Limits limits) : limits_(limits), handle_(std::make_unique<Handle>()) {}
Client::~Client() = default;

Result<ClientAnswer> Client::post(const Post& request, bool (*stops)(void*), void* stops_context) {
  CURL* curl = handle_->curl;
  if (curl == nullptr) return out_of_memory();
  curl_easy_reset(curl);  // connections stay open
  HeaderList headers;
  headers.add("Content-Type: " + request.content_type);
  headers.add("Expect:");  // no wait for "100 Continue"
  if (!request.bearer.empty()) headers.add("Authorization: Bearer " + request.bearer);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  return perform(request.url, stops, stops_context);
}

Result<ClientAnswer> Client::get(const std::string& url, bool (*stops)(void*), void* stops_context) {
  CURL* curl = handle_->curl;
  if (curl == nullptr) return out_of_memory();
  curl_easy_reset(curl);  // connections stay open
  curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  if (limits_.redirects > 0) {
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, limits_.redirects);
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  }
  return perform(url, stops, stops_context);
}

Result<ClientAnswer> Client::perform(const std::string& url, bool (*stops)(void*), void* stops_context) {
  CURL* curl = handle_->curl;
  Collected collected{{}, limits_.answer_bytes};
  const Stop stop{stops, stops_context};
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "sotto");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits_.connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(limits_.whole.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &collected);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason.data());
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error{ErrorCode::interrupted, "the request was stopped"};
  if (code != CURLE_OK) {
    const std::string detail = reason[0] != '\0' ? std::string(reason.data()) : std::string(curl_easy_strerror(code));
    return Error{ErrorCode::io, "no answer from '" + url + "': " + detail};
  }
  ClientAnswer answer;
  answer.body = std::move(collected.body);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) answer.content_type = type;
  return answer;
}

}  // namespace sotto::http
