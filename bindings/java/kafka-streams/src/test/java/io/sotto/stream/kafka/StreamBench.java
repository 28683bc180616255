package io.sotto.stream.kafka;

import io.sotto.stream.GeneratedEvents;
import io.sotto.stream.LoggedClicks;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.Referee;
import io.sotto.stream.TestVersions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast one worker is with a broker beside it: {@code bench/stream/run.sh}. It asserts nothing but the results. */
final class StreamBench {
  private static final int EVENTS = Integer.getInteger("sotto.bench.events", 100_000);
  private static final int USERS = Integer.getInteger("sotto.bench.users", 5_000);
  private static final String THREADS = System.getProperty("sotto.bench.threads", "2");
  private static final String LOG = System.getProperty("sotto.bench.log", "");
  private static final int TOP = 10;

  @TempDir Path folder;
  private final ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);

  @AfterEach
  void close() {
    versions.close();
  }

  private List<GeneratedEvents.Raw> records(int count) throws IOException {
    List<String> items = versions.current().itemIds();
    return LOG.isEmpty()
        ? GeneratedEvents.records(items, count, USERS, 1)
        : LoggedClicks.records(Path.of(LOG), items, count);
  }

  /** The fold alone, in one thread: what the engine and the event's format cost. */
  @Test
  void theFoldAlone() throws IOException {
    List<GeneratedEvents.Raw> records = records(EVENTS / 4);
    for (boolean lists : new boolean[] {true, false}) {
      for (int round = 0; round < 2; ++round) { // the first one warms up
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Referee.cost(records, versions, lists ? TOP : 0);
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        if (round == 0) continue;
        System.out.printf("fold alone, %s: %.0f us of CPU an event%n", named(lists), cpu / 1e3 / records.size());
      }
    }
  }

  private static String named(boolean lists) {
    return lists ? "a top 10 at each event" : "lists when asked for";
  }

  @Test
  void backlogWithListsAtEachEvent() throws IOException {
    backlog(true);
  }

  @Test
  void backlogWithListsWhenAskedFor() throws IOException {
    backlog(false);
  }

  private void backlog(boolean lists) throws IOException {
    List<GeneratedEvents.Raw> records = records(EVENTS);
    try (Cluster cluster = new Cluster(folder, 8)) {
      cluster.startBroker();
      cluster.produce(records);
      long all = records.size();
      Cluster.Worker worker = worker(cluster, lists, "1000");
      cluster.await("the worker", () -> !cluster.get(worker, "/readyz").isEmpty());
      // The first third warms up.
      while (cluster.processed(worker) < all / 3) sleep();
      long from = cluster.processed(worker);
      Map<String, Long> bytesBefore = bytes();
      Duration workerBefore = cpu(worker.process());
      Duration brokerBefore = cpu(cluster.broker());
      long started = System.nanoTime();
      while (cluster.processed(worker) < all) sleep();
      double seconds = (System.nanoTime() - started) / 1e9;
      long count = all - from;
      System.out.printf(
          "%s, %s threads: %.0f events/s; CPU an event: worker %.0f us, broker %.0f us%n",
          named(lists),
          THREADS,
          count / seconds,
          cpu(worker.process()).minus(workerBefore).toNanos() / 1e3 / count,
          cpu(cluster.broker()).minus(brokerBefore).toNanos() / 1e3 / count);
      System.out.printf(
          "  dead letters: %d of %d records%n", cluster.figure(worker, "sotto_stream_dead_letters_total"), all);
      Cluster.endQuietly(worker.process());
      printBytes(bytesBefore, bytes(), count, all);
    }
  }

  /** The events themselves were all there before; the other topics grew while `count` events were folded. */
  private static void printBytes(Map<String, Long> before, Map<String, Long> after, long count, long all) {
    double sum = 0;
    for (Map.Entry<String, Long> topic : after.entrySet()) {
      double bytes =
          topic.getKey().equals("events")
              ? (double) topic.getValue() / all
              : (double) (topic.getValue() - before.getOrDefault(topic.getKey(), 0L)) / count;
      System.out.printf("  %s: %.0f bytes an event%n", topic.getKey(), bytes);
      sum += bytes;
    }
    System.out.printf("  all topics: %.0f bytes an event%n", sum);
  }

  private Cluster.Worker worker(Cluster cluster, boolean lists, String commitMillis) throws IOException {
    return cluster.startPlainWorker(
        "worker", Cluster.freePort(), "--recommend", lists ? "each" : "asked", "--threads", THREADS, "--commit-ms",
        commitMillis, "--top", String.valueOf(TOP), "--partitions", "8");
  }

  private static Duration cpu(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The broker's log segments, by topic. */
  private Map<String, Long> bytes() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("broker/data"))) {
      files
          .filter(file -> file.toString().endsWith(".log"))
          .forEach(
              file -> {
                String partition = file.getParent().getFileName().toString();
                try {
                  sizes.merge(partition.replaceFirst("-\\d+$", ""), Files.size(file), Long::sum);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return sizes;
  }

  /** From the record's time to a reader of what is committed, at 300 events a second. */
  @Test
  void latency() throws IOException, InterruptedException {
    int rate = 300;
    int seconds = Integer.getInteger("sotto.bench.seconds", 60);
    List<GeneratedEvents.Raw> records = records(rate * seconds);
    try (Cluster cluster = new Cluster(folder, 8)) {
      cluster.startBroker();
      Cluster.Worker worker = worker(cluster, true, "100");
      cluster.await("the worker", () -> !cluster.get(worker, "/readyz").isEmpty());
      List<Long> latencies = cluster.latencies(records, rate);
      List<Long> measured = new ArrayList<>(latencies.subList(latencies.size() / 4, latencies.size())); // warm
      measured.sort(null);
      System.out.printf(
          "latency at %d events/s, commit 100 ms, %s threads: p50 %d, p99 %d, worst %d ms (%d lists)%n",
          rate,
          THREADS,
          measured.get(measured.size() / 2),
          measured.get(measured.size() * 99 / 100),
          measured.get(measured.size() - 1),
          measured.size());
      Cluster.endQuietly(worker.process());
    }
  }
}
