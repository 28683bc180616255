#include <sotto/serve/embedded_documents.hpp>
#include <sotto/serve/operator_routes.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::serve {
namespace {

// What stands between the first <NAME> and its end.
std::string_view element(std::string_view page, std::string_view name) {
  const std::string begin = "<" + std::string(name) + ">";
  const std::size_t start = page.find(begin) + begin.size();
  return page.substr(start, page.find("</" + std::string(name) + ">", start) - start);
}

// A source expression of Content Security Policy Level 3: the page's own element runs, and nothing else.
std::string hash_source(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, (SHA256_DIGEST_LENGTH + 2) / 3 * 4 + 1> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return "'sha256-" + std::string(base64.begin(), base64.begin() + length) + "'";
}

http::Response operator_page() {
  http::Response response;
  response.headers = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Cache-Control", "no-cache"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src " + hash_source(element(operator_page_html, "script")) + "; style-src " +
           hash_source(element(operator_page_html, "style")) +
           "; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"}};
  response.body = operator_page_html;
  return response;
}

void add_document(Router& router, std::string pattern, http::Response response) {
  Route route;
  route.method = "GET";
  route.pattern = std::move(pattern);
  route.endpoint = [response = std::move(response)](const Call&, http::Reply reply) { reply(response); };
  router.add(std::move(route));
}

}  // namespace

void add_operator_routes(Router& router) {
  add_document(router, "/operator", operator_page());
  http::Response description;
  description.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  description.body = openapi_json;
  add_document(router, "/openapi.json", std::move(description));
}

}  // namespace sotto::serve
