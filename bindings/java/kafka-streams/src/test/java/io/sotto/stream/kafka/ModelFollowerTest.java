package io.sotto.stream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sotto.stream.ModelRecord;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.TestVersions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFollowerTest {
  private static final TopicPartition PARTITION = new TopicPartition("models", 0);

  @TempDir Path folder;
  private final ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);
  private final String shipped = versions.current().info().fingerprint();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<String> said = new ArrayList<>();

  @AfterEach
  void close() {
    versions.close();
  }

  /** What is current once the topic has been read. */
  private String after(String... values) {
    try (ModelFollower follower = new ModelFollower(consumer, "models", versions, folder, said::add)) {
      consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
      consumer.updateEndOffsets(Map.of(PARTITION, (long) values.length));
      for (int offset = 0; offset < values.length; ++offset) {
        byte[] value = values[offset] == null ? null : values[offset].getBytes(UTF_8);
        consumer.addRecord(new ConsumerRecord<>("models", 0, offset, ("m" + offset).getBytes(UTF_8), value));
      }
      follower.start();
      return versions.current().info().fingerprint();
    }
  }

  private static String record(String path, String fingerprint) {
    return new String(new ModelRecord(path, fingerprint).toJson(), UTF_8);
  }

  @Test
  void emptyTopicLeavesTheFirstVersion() {
    assertEquals(shipped, after());
    assertEquals(List.of(), said);
  }

  @Test
  void latestRecordDecides() {
    Path other = TestVersions.without(versions.current().itemIds().get(5), folder);
    String fingerprint = TestVersions.fingerprint(other);
    assertEquals(fingerprint, after(record(TestVersions.SHIPPED.toString(), shipped), record(other.toString(), fingerprint)));
    assertTrue(said.get(0).contains(fingerprint));
    versions.version(shipped); // states of it can still be read
  }

  @Test
  void backToAnEarlierVersion() {
    Path other = TestVersions.without(versions.current().itemIds().get(5), folder);
    String fingerprint = TestVersions.fingerprint(other);
    assertEquals(shipped, after(record(other.toString(), fingerprint), record(TestVersions.SHIPPED.toString(), shipped), null));
    versions.version(fingerprint);
  }

  @Test
  void recordsThatCannotBeUsedAreNamed() {
    assertEquals(
        shipped,
        after(
            "no JSON",
            "{\"path\":\"/m\"}",
            record("/m", "not a version"),
            record("http://127.0.0.1:1/m", "0123456789abcdef"),
            record(TestVersions.SHIPPED.toString(), "0123456789abcdef")));
    assertEquals(5, said.size(), said.toString());
    assertTrue(said.get(0).contains("m0"), said.toString());
    assertTrue(said.get(4).contains("0123456789abcdef"), said.toString());
  }

  @Test
  void fileThatIsGoneIsNamed() {
    assertEquals(shipped, after(record(folder.resolve("gone").toString(), "0123456789abcdef")));
    assertTrue(said.get(0).contains("gone"), said.toString());
  }
}
