#include <sotto/sync/interval.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {

void read(WireReader& reader, Interval& interval) {
  interval.start = reader.u64("an interval's start");
  interval.duration = reader.u64("an interval's duration");
  if (interval.start + interval.duration < interval.start) {
    reader.fail(ErrorCode::out_of_range, "an interval", "ends beyond 64 bits");
  }
}

void write(WireWriter& writer, const Interval& interval) {
  if (interval.start + interval.duration < interval.start) writer.fail("an interval", "ends beyond 64 bits");
  writer.u64(interval.start);
  writer.u64(interval.duration);
}

Result<Interval> Interval::decode(ByteSpan bytes) { return decode_whole<Interval>(bytes, "Interval"); }
Result<Bytes> Interval::encode() const { return encode_whole(*this); }

}  // namespace sotto::sync
