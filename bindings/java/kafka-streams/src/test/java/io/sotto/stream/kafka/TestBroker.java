package io.sotto.stream.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** One broker of the tests, in a process of its own. */
final class TestBroker {
  private TestBroker() {}

  /** Folder, and the ports of the broker and of its controller. A folder that is new is formatted. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path properties = folder.resolve("server.properties");
    if (!Files.exists(properties)) {
      Files.createDirectories(folder);
      Files.writeString(properties, settings(folder, arguments[1], arguments[2]));
      String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", properties.toString()};
      if (StorageTool.execute(format, System.out) != 0) throw new IOException("The folder could not be formatted.");
    }
    Kafka.main(new String[] {properties.toString()});
  }

  private static String settings(Path folder, String port, String controllerPort) {
    return String.join(
        "\n",
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
        "controller.listener.names=CONTROLLER",
        "inter.broker.listener.name=PLAINTEXT",
        "log.dirs=" + folder.resolve("data"),
        "offsets.topic.replication.factor=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
        "group.initial.rebalance.delay.ms=0",
        "offsets.topic.num.partitions=4",
        "transaction.state.log.num.partitions=4",
        "log.segment.bytes=16777216",
        // The tests' events are of last year: what a topic does not keep is gone at once.
        "log.initial.task.delay.ms=1000",
        "log.retention.check.interval.ms=1000",
        "log.cleaner.dedupe.buffer.size=16777216",
        "");
  }
}
