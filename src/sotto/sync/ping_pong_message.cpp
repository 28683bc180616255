#include <sotto/sync/ping_pong_message.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {
namespace {

bool has_verifier_message(PingPongMessage::Type type) { return type != PingPongMessage::Type::initialize; }
bool has_verifier_share(PingPongMessage::Type type) { return type != PingPongMessage::Type::finish; }

}  // namespace

void read(WireReader& reader, PingPongMessage& message) {
  const std::uint8_t type = reader.u8("a ping-pong message's type");
  if (type > static_cast<std::uint8_t>(PingPongMessage::Type::finish)) {
    reader.fail(Error{ErrorCode::malformed, "ping-pong message type " + std::to_string(type) + " is not defined"});
    return;
  }
  message.type = static_cast<PingPongMessage::Type>(type);
  if (has_verifier_message(message.type)) message.verifier_message = reader.opaque_copy(4, 0, "verifier_message");
  if (has_verifier_share(message.type)) message.verifier_share = reader.opaque_copy(4, 0, "verifier_share");
}

void write(WireWriter& writer, const PingPongMessage& message) {
  writer.u8(static_cast<std::uint8_t>(message.type));
  if (has_verifier_message(message.type)) writer.opaque(message.verifier_message, 4, 0, "verifier_message");
  if (has_verifier_share(message.type)) writer.opaque(message.verifier_share, 4, 0, "verifier_share");
}

Result<PingPongMessage> PingPongMessage::decode(ByteSpan bytes) {
  return decode_whole<PingPongMessage>(bytes, "PingPongMessage");
}
Result<Bytes> PingPongMessage::encode() const { return encode_whole(*this); }

}  // namespace sotto::sync
