#include <sotto/data/read_ahead.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sotto::data {
namespace {

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(ReadAhead input) : input_(std::move(input)) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    if (auto filled = input_.fill(1); !filled) return std::move(filled).error();
    const auto available = input_.available();
    const std::size_t count = std::min(into.size(), available.size());
    std::copy_n(available.begin(), count, into.begin());
    input_.consume(count);
    return count;
  }

 private:
  ReadAhead input_;
};

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<ByteSource> source) : source_(std::move(source)), chunk_(capacity) {}

Status ReadAhead::fill(std::size_t count) {
  while (available().size() < count && !at_end_) {
    const std::size_t kept = available().size();
    std::memmove(chunk_.data(), chunk_.data() + begin_, kept);
    begin_ = 0;
    end_ = kept;
    auto got = source_->read(std::span(chunk_).subspan(end_));
    if (!got) return std::move(got).error();
    at_end_ = *got == 0;
    end_ += *got;
  }
  return Ok{};
}

std::unique_ptr<ByteSource> plain_source(ReadAhead input) { return std::make_unique<PlainSource>(std::move(input)); }

}  // namespace sotto::data
