#include <sotto/sync/extension.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {

void read(WireReader& reader, Extension& extension) {
  extension.type = reader.u16("an extension's type");
  extension.data = reader.opaque_copy(2, 0, "an extension's data");
}

void write(WireWriter& writer, const Extension& extension) {
  writer.u16(extension.type);
  writer.opaque(extension.data, 2, 0, "an extension's data");
}

void read_extensions(WireReader& reader, std::vector<Extension>& extensions, const char* field) {
  read_list(reader, extensions, 2, 0, field);
}

void write_extensions(WireWriter& writer, const std::vector<Extension>& extensions, const char* field) {
  write_list(writer, extensions, 2, 0, field);
}

Result<Extension> Extension::decode(ByteSpan bytes) { return decode_whole<Extension>(bytes, "Extension"); }
Result<Bytes> Extension::encode() const { return encode_whole(*this); }

Status check_extension_order(std::span<const Extension> extensions) {
  for (std::size_t i = 1; i < extensions.size(); ++i) {
    if (extensions[i].type > extensions[i - 1].type) continue;
    return Error{ErrorCode::malformed, "extension type " + std::to_string(extensions[i].type) + " stands behind type " +
                                           std::to_string(extensions[i - 1].type)};
  }
  return Ok{};
}

}  // namespace sotto::sync
