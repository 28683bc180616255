// Headers about ranges, entity tags and codings, as a client may send them for a model file.
#include <sotto/serve/byte_range.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sotto;

const std::vector<std::byte> content(1000);

std::vector<serve::Representation> representations() {
  const std::shared_ptr<const void> owner(&content, [](const void*) {});
  const std::span all(content);
  return {{"", "\"v\"", {owner, all}},
          {"br", "\"v-br\"", {owner, all.first(600)}},
          {"zstd", "\"v-zstd\"", {owner, all.first(700)}}};
}

void check_answer(const http::Response& response) {
  switch (response.status) {
    case 200: break;
    case 206: {
      const auto bytes = response.shared.bytes;
      if (bytes.empty() || bytes.size() > content.size()) std::abort();
      if (bytes.data() < content.data() || bytes.data() + bytes.size() > content.data() + content.size()) std::abort();
      break;
    }
    case 304:
    case 406:
    case 412:
    case 416:
      if (response.shared.owner) std::abort();
      break;
    default: std::abort();
  }
}

}  // namespace

// The first byte tells which header each line is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view names[] = {"Range", "If-Range", "If-None-Match", "If-Match", "Accept-Encoding", "X-Other"};
  http::Request request;
  request.method = size % 2 == 0 ? "GET" : "HEAD";
  std::string_view text(reinterpret_cast<const char*>(data), size);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto name = names[static_cast<unsigned char>(line[0]) % std::size(names)];
    request.headers.push_back({std::string(name), std::string(line.substr(1))});

    for (const std::uint64_t file : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}}) {
      const auto choice = serve::choose_range(line.substr(1), file);
      if (choice.kind != serve::RangeChoice::Kind::part) continue;
      if (choice.range.first > choice.range.last || choice.range.last >= file) std::abort();
    }
    const int weight = serve::coding_weight(line.substr(1), "br");
    if (weight < 0 || weight > 1000) std::abort();
  }
  check_answer(serve::answer_from(representations(), request));
  return 0;
}
