package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
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

  @Test
  void anAbortedTransactionCostsAThreadAndNotTheWorker() {
    Throwable aborted = new StreamsException("commit", new InvalidTxnStateException("not ongoing"));
    assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, Worker.answerTo(aborted));
    Throwable fenced = new StreamsException(new KafkaException(new InvalidProducerEpochException("old epoch")));
    assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, Worker.answerTo(fenced));
    for (Throwable other : List.of(new StreamsException("a store is damaged"), new OutOfMemoryError())) {
      assertEquals(StreamThreadExceptionResponse.SHUTDOWN_CLIENT, Worker.answerTo(other));
    }
  }
}
