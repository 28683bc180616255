#include "raw_client.hpp"
#include "running_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

using namespace sotto;
using namespace std::chrono_literals;
using test::RawClient;
using test::RunningServer;

namespace {

template <auto release>
struct Releases {
  template <class T>
  void operator()(T* value) const {
    release(value);
  }
};

// A key and a certificate that it signed itself, as files.
class Certificate {
 public:
  explicit Certificate(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() / ("sotto-tls-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    files = {folder_ / "certificate.pem", folder_ / "key.pem"};
    const std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const std::unique_ptr<X509, Releases<X509_free>> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    write(files.certificate, [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); });
    write(files.key,
          [&](std::FILE* file) { PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }
  ~Certificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  http::TlsFiles files;

 private:
  std::filesystem::path folder_;

  template <class Write>
  static void write(const std::string& path, Write write_to) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file != nullptr);
    write_to(file);
    std::fclose(file);
  }
};

// One request over TLS at a time, answers of a few bytes.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int version = TLS1_3_VERSION, std::string_view protocols = {})
      : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    if (!protocols.empty()) {
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    }
    SSL_set_fd(ssl_.get(), socket_.socket());
    is_connected_ = SSL_connect(ssl_.get()) == 1;
  }

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }
  // Sends the bytes and reads until the answers end with `end` or the connection does.
  std::string ask(std::string_view bytes, std::string_view end) {
    SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    std::string received;
    char part[4096];
    while (!received.ends_with(end)) {
      const int count = SSL_read(ssl_.get(), part, sizeof part);
      if (count <= 0) break;
      received.append(part, static_cast<std::size_t>(count));
    }
    return received;
  }

 private:
  RawClient socket_;
  std::unique_ptr<SSL_CTX, Releases<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Releases<SSL_free>> ssl_;
  bool is_connected_ = false;
};

http::ServerOptions with(const http::TlsFiles& files) {
  http::ServerOptions options = test::any_port();
  options.tls = files;
  return options;
}

}  // namespace

TEST_CASE("serves over TLS 1.2 and 1.3 and refuses older versions") {
  const Certificate certificate("versions");
  RunningServer server(with(certificate.files));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server.port(), version);
    REQUIRE(client.is_connected());
    for (int i = 0; i < 3; ++i) {
      CHECK(client.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a? ").starts_with("HTTP/1.1 200 "));
    }
  }
  CHECK_FALSE(TlsClient(server.port(), TLS1_1_VERSION).is_connected());
}

TEST_CASE("chooses http/1.1 where a client offers protocols") {
  const Certificate certificate("alpn");
  RunningServer server(with(certificate.files));
  CHECK(TlsClient(server.port(), TLS1_3_VERSION, std::string_view("\x02h2\x08http/1.1", 12)).protocol() == "http/1.1");
  CHECK(TlsClient(server.port(), TLS1_3_VERSION).protocol().empty());
  CHECK_FALSE(TlsClient(server.port(), TLS1_3_VERSION, std::string_view("\x02h2", 3)).is_connected());
}

TEST_CASE("takes long bodies over TLS and closes in order") {
  const Certificate certificate("bodies");
  RunningServer server(with(certificate.files));
  TlsClient client(server.port());
  REQUIRE(client.is_connected());
  const std::string body = std::string(200'000, 'b') + "end";
  const std::string answer =
      client.ask("POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 200003\r\n\r\n" + body, "never");
  CHECK(answer.ends_with("POST /p? " + body));
}

TEST_CASE("lives through bytes that are no TLS handshake") {
  const Certificate certificate("garbage");
  http::ServerOptions options = with(certificate.files);
  options.header_time = 200ms;
  RunningServer server(options);
  const std::string bytes = GENERATE(as<std::string>(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", std::string(1000, '\xff'),
                                     std::string(1000, '\0'), "\x16\x03\x01",
                                     std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10), "");
  RawClient client(server.port());
  client.send(bytes);
  CHECK(client.is_closed_by_server());
  CHECK(TlsClient(server.port()).is_connected());
  CHECK(server->figures().malformed + server->figures().timed_out >= 1);
}

TEST_CASE("stops while TLS connections are idle or in their handshake") {
  const Certificate certificate("stop");
  http::ServerOptions options = with(certificate.files);
  options.stop_time = 200ms;
  RunningServer server(options);
  TlsClient idle(server.port());
  RawClient in_handshake(server.port());
  in_handshake.send("\x16\x03\x01");
  REQUIRE(test::comes_true([&] { return server->figures().open == 2; }));
  server.stop();
  CHECK(in_handshake.is_closed_by_server());
}

TEST_CASE("refuses certificates that cannot be used, naming the file") {
  const Certificate certificate("good");
  const Certificate other("other");
  test::FunctionHandler handler;
  const auto error_of = [&](const http::TlsFiles& files) {
    const auto server = http::Server::listen(with(files), handler);
    REQUIRE_FALSE(server.ok());
    CHECK(server.error().code == ErrorCode::invalid_argument);
    return server.error().detail;
  };
  CHECK(error_of({"/no/certificate.pem", certificate.files.key}).find("/no/certificate.pem") != std::string::npos);
  CHECK(error_of({certificate.files.certificate, "/no/key.pem"}).find("/no/key.pem") != std::string::npos);
  CHECK(error_of({certificate.files.certificate, other.files.key}).find(other.files.key) != std::string::npos);
  CHECK_FALSE(error_of({certificate.files.certificate, ""}).empty());
}
