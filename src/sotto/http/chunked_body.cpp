#include <sotto/http/chunked_body.hpp>
#include <sotto/http/text.hpp>

#include <algorithm>

namespace sotto::http {

namespace {

constexpr unsigned max_size_digits = 15;  // so that a size fits into 64 bits
constexpr Refusal malformed_chunks{400, "malformed_request", "the chunks of the body cannot be read"};

}  // namespace

// Reads one byte outside the data. Returns false if the body is refused.
bool ChunkedBody::take(char c, std::size_t body_size, std::size_t limit) {
  refusal_ = malformed_chunks;
  switch (place_) {
    case Place::size:
      if (const int digit = hex_value(c); digit >= 0) {
        size_ = size_ * 16 + static_cast<unsigned>(digit);
        return ++digits_ <= max_size_digits;
      }
      if (digits_ == 0) return false;
      place_ = c == '\r' ? Place::end_of_size : Place::extension;
      return c == '\r' || c == ';';
    case Place::extension:
      if (c == '\r') {
        place_ = Place::end_of_size;
        return true;
      }
      if (++extra_bytes_ > max_extra_bytes_) {
        refusal_ = header_too_large;
        return false;
      }
      return !is_control(c) || c == '\t';
    case Place::end_of_size:
      if (size_ > limit - body_size) {
        refusal_ = body_too_large;
        return false;
      }
      place_ = size_ == 0 ? Place::trailer : Place::data;
      digits_ = 0;
      return c == '\n';
    case Place::end_of_data_cr: place_ = Place::end_of_data_lf; return c == '\r';
    case Place::end_of_data_lf: place_ = Place::size; return c == '\n';
    case Place::trailer:
      if (c == '\r') {
        place_ = Place::end_of_trailer;
        return true;
      }
      if (++extra_bytes_ > max_extra_bytes_) {
        refusal_ = header_too_large;
        return false;
      }
      line_ += c;
      return !is_control(c) || c == '\t';
    case Place::end_of_trailer: {
      const bool is_last = line_.empty();
      const bool is_good = is_last || is_header_line(line_);
      line_.clear();
      place_ = is_last ? Place::done : Place::trailer;
      return is_good && c == '\n';
    }
    case Place::data:
    case Place::done: break;
  }
  return false;
}

ChunkedBody::State ChunkedBody::read(std::string_view& bytes, std::string& body, std::size_t limit) {
  while (!bytes.empty() && place_ != Place::done) {
    if (place_ == Place::data) {
      const std::string_view part =
          bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size())));
      body.append(part);
      bytes.remove_prefix(part.size());
      size_ -= part.size();
      if (size_ == 0) place_ = Place::end_of_data_cr;
    } else {
      if (!take(bytes.front(), body.size(), limit)) return State::refused;
      bytes.remove_prefix(1);
    }
  }
  return place_ == Place::done ? State::complete : State::need_more;
}

}  // namespace sotto::http
