package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class WorkerTest {
  private static TopicPartition partition(int number) {
    return new TopicPartition("events", number);
  }

  @Test
  void eventsThatWereDeletedBeforeTheyWereFoldedAreReported() {
    assertEquals(
        List.of("The broker deleted 40 events of partition events-1 before they were folded. Raise the topic's retention.ms."),
        Worker.deletedEvents(
            Map.of(partition(0), 10L, partition(1), 10L, partition(2), 10L),
            Map.of(partition(0), 0L, partition(1), 50L, partition(2), 10L)));
  }
}
