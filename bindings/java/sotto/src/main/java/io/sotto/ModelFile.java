package io.sotto;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A model file: its bytes for the core, and what applications want to know of it (docs/format.md). The latter is read
 * after the core has opened the file, and so checked all but the catalogue.
 */
final class ModelFile implements Closeable {
  /** Bytes that are read at once. */
  private static final int BLOCK = 1 << 24;

  private static final int HEADER_SIZE_BYTES = 8;

  private final FileChannel file; // null: the bytes are in memory
  private final byte[] memory;
  private final long size;

  private ModelFile(FileChannel file, byte[] memory, long size) {
    this.file = file;
    this.memory = memory;
    this.size = size;
  }

  static ModelFile of(Path path) {
    try {
      FileChannel file = FileChannel.open(path);
      try {
        return new ModelFile(file, null, file.size());
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  static ModelFile of(byte[] bytes) {
    return new ModelFile(null, bytes, bytes.length);
  }

  @Override
  public void close() {
    try {
      if (file != null) file.close();
    } catch (IOException e) {
      throw unreadable("the model file", e);
    }
  }

  long size() {
    return size;
  }

  /** Copies the file into memory of the core, which the caller owns. */
  long copyToCore() {
    long bytes = Core.allocate(size);
    try {
      for (long offset = 0; offset < size; offset += BLOCK) {
        read(offset, Core.window(bytes, offset, (int) Math.min(BLOCK, size - offset)));
      }
      return bytes;
    } catch (RuntimeException | Error e) {
      Core.free(bytes);
      throw e;
    }
  }

  private void read(long offset, ByteBuffer into) {
    if (memory != null) {
      into.put(memory, (int) offset, into.remaining());
      return;
    }
    try {
      for (long at = offset; into.hasRemaining(); ) {
        int count = file.read(into, at);
        if (count < 0) throw new EOFException("the file became shorter");
        at += count;
      }
    } catch (IOException e) {
      throw unreadable("the model file", e);
    }
  }

  private byte[] bytes(long offset, long count, String what) {
    if (offset < 0 || count < 0 || count > size - offset || count > Integer.MAX_VALUE - 8) {
      throw new SottoException(ErrorCode.MALFORMED, what + " is not inside the model file: load the model again.");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) count);
    read(offset, bytes);
    return bytes.array();
  }

  private static SottoException unreadable(String what, IOException cause) {
    return new SottoException(
        ErrorCode.IO, "Cannot read " + what + ": check path and permissions (" + cause.getMessage() + ").", cause);
  }

  /** What the file says beside its weights. */
  record Contents(ModelInfo info, Catalogue catalogue) {}

  Contents read(String fingerprint, String tier) {
    long headerSize =
        ByteBuffer.wrap(bytes(0, HEADER_SIZE_BYTES, "The header's size")).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Fields header = Fields.parse(bytes(HEADER_SIZE_BYTES, headerSize, "The header"), "The model's header");
    Fields spec =
        Fields.parse(
            header.object("__metadata__").text("sotto").getBytes(StandardCharsets.UTF_8),
            "The model's spec");
    List<?> range = header.object("catalogue").list("data_offsets", 2);
    long begin = asLong(range.get(0));
    long end = asLong(range.get(1));
    long tensors = HEADER_SIZE_BYTES + headerSize;
    Fields columns = Fields.parse(bytes(tensors + begin, end - begin, "The catalogue"), "The model's catalogue");

    Fields architecture = spec.object("architecture");
    int items = (int) architecture.number("items");
    Catalogue catalogue =
        new Catalogue(
            columns.column("item_id", items, String.class, false),
            columns.has("title") ? columns.column("title", items, String.class, false) : null,
            columns.has("category") ? columns.column("category", items, String.class, false) : null,
            columns.has("image") ? columns.column("image", items, String.class, false) : null,
            columns.has("price") ? columns.column("price", items, Double.class, true) : null);
    Fields training = spec.object("training");
    Fields log = training.object("log");
    ModelInfo info =
        new ModelInfo(
            fingerprint,
            spec.text("licence"),
            spec.text("attribution"),
            columns.has("currency") ? columns.text("currency") : "",
            size,
            tier,
            new ModelInfo.Architecture(
                items,
                (int) architecture.number("embedding_dim"),
                (int) architecture.number("hidden_dim"),
                (int) architecture.number("layers"),
                architecture.field("tied_head", Boolean.class),
                architecture.text("head")),
            new ModelInfo.Training(
                training.text("tool"),
                log.text("name"),
                (long) log.number("events"),
                (long) log.number("users"),
                training.number("validation_ndcg@10")));
    return new Contents(info, catalogue);
  }

  private static long asLong(Object value) {
    if (value instanceof Double number) return number.longValue();
    throw new SottoException(ErrorCode.MALFORMED, "The model's header has no place for the catalogue: load it again.");
  }

  /** The fields of a JSON object. Whatever is not as docs/format.md says throws {@code MALFORMED}. */
  private record Fields(String what, Map<?, ?> values) {
    static Fields parse(byte[] utf8, String what) {
      if (Json.parse(utf8, what) instanceof Map<?, ?> values) return new Fields(what, values);
      throw new SottoException(ErrorCode.MALFORMED, what + " is not a JSON object: load the model again.");
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    <Value> Value field(String name, Class<Value> type) {
      Object value = values.get(name);
      if (type.isInstance(value)) return type.cast(value);
      throw unsound(name, "a " + type.getSimpleName().toLowerCase(Locale.ROOT));
    }

    String text(String name) {
      return field(name, String.class);
    }

    double number(String name) {
      return field(name, Double.class);
    }

    Fields object(String name) {
      return new Fields(what + "." + name, field(name, Map.class));
    }

    List<?> list(String name, int count) {
      List<?> list = field(name, List.class);
      if (list.size() != count) throw unsound(name, "a list of " + count);
      return list;
    }

    /** A column of the catalogue: a value of the type for each item, or null where that is allowed. */
    <Value> List<Value> column(String name, int items, Class<Value> type, boolean mayBeNull) {
      List<?> list = list(name, items);
      for (Object value : list) {
        if (!type.isInstance(value) && !(mayBeNull && Objects.isNull(value))) {
          throw unsound(name, "a list of " + items + " values of " + type.getSimpleName());
        }
      }
      @SuppressWarnings("unchecked") // every element was looked at
      List<Value> column = (List<Value>) list;
      return column;
    }

    private SottoException unsound(String name, String expected) {
      return new SottoException(
          ErrorCode.MALFORMED, what + "." + name + " is not " + expected + ": make the model again.");
    }
  }
}
