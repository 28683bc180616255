package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sotto.stream.GeneratedEvents;
import io.sotto.stream.ModelRecord;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.Referee;
import io.sotto.stream.Replay;
import io.sotto.stream.TestVersions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More that can go wrong, run by hand because each of these takes minutes ({@code docs/stream.md} has the line). The
 * name keeps it out of the usual run.
 */
final class KillScenarios {
  private static final int EVENTS = Integer.getInteger("sotto.test.scenario.events", 20_000);
  private static final long SEED = Long.getLong("sotto.test.scenario.seed", System.nanoTime());
  private static final int USERS = Integer.getInteger("sotto.test.scenario.users", 500);
  private static final int SLICE = 100;

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);
  private final List<GeneratedEvents.Raw> records =
      GeneratedEvents.records(versions.current().itemIds(), EVENTS, USERS, SEED);
  private Cluster cluster;
  private Cluster.Worker one;
  private Cluster.Worker two;
  private Thread producer;

  @BeforeEach
  void start() throws IOException {
    System.out.println("Seed " + SEED + ", " + EVENTS + " events, " + USERS + " users.");
    cluster = new Cluster(folder, 4);
    cluster.startBroker();
    one = cluster.startWorker("one");
    two = cluster.startWorker("two");
    cluster.await(
        "both workers",
        () -> !cluster.get(one, "/readyz").isEmpty() && !cluster.get(two, "/readyz").isEmpty());
  }

  @AfterEach
  void close() {
    cluster.close();
    versions.close();
  }

  /** About 500 events a second, so that what happens meanwhile meets the stream at work. */
  private void produceSlowly() {
    producer =
        new Thread(
            () -> {
              for (int from = 0; from < EVENTS; from += SLICE) {
                cluster.produce(records.subList(from, Math.min(EVENTS, from + SLICE)));
                try {
                  Thread.sleep(200);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    producer.start();
  }

  private void wait(int share) {
    cluster.awaitLists(EVENTS / 100 * share + random.nextInt(EVENTS / 100));
  }

  private void judge(Cluster.Worker... workers) throws IOException, InterruptedException {
    judge(verdict(), workers);
    assertEquals(Replay.lists(records, Cluster.TOP, folder), cluster.lastLists());
  }

  private void judge(Referee.Verdict verdict, Cluster.Worker... workers) throws InterruptedException {
    producer.join();
    cluster.awaitLists(verdict);
    for (Cluster.Worker worker : workers) assertEquals(0, Cluster.end(worker.process()));
    cluster.readToTheEnd();
    assertEquals(List.of(), cluster.faults(verdict));
    System.out.println(
        verdict.folded() + " lists exactly once, " + verdict.lists().size() + " users' states equal, dead letters "
            + cluster.deadLetters + ".");
  }

  private Referee.Verdict verdict() {
    return Referee.judge(records, versions, Cluster.TOP);
  }

  @Test
  void oneWorkerTenTimesOnItsOldFolder() throws IOException, InterruptedException {
    produceSlowly();
    for (int kill = 0; kill < 10; ++kill) {
      wait(5 + 8 * kill);
      Cluster.kill(one.process());
      one = cluster.startWorker("one");
    }
    judge(one, two);
  }

  @Test
  void bothWorkers() throws IOException, InterruptedException {
    produceSlowly();
    for (int kill = 0; kill < 2; ++kill) {
      wait(20 + 30 * kill);
      Cluster.kill(one.process());
      Cluster.kill(two.process());
      one = cluster.startWorker("one");
      two = cluster.startWorker("two");
    }
    judge(one, two);
  }

  @Test
  void theBroker() throws IOException, InterruptedException {
    produceSlowly();
    wait(30);
    Cluster.kill(cluster.broker());
    cluster.startBroker();
    judge(one, two);
  }

  @Test
  void workersComeAndGoUnderLoad() throws IOException, InterruptedException {
    produceSlowly();
    wait(15);
    Cluster.Worker three = cluster.startWorker("three");
    wait(40);
    assertEquals(0, Cluster.end(one.process()));
    wait(60);
    one = cluster.startWorker("one");
    wait(75);
    assertEquals(0, Cluster.end(two.process()));
    judge(one, three);
  }

  /** One worker on a disk that becomes full. When there is room again, it is started on its old folder. */
  @Test
  void theDiskIsFull() throws IOException, InterruptedException {
    assertEquals(0, Cluster.end(one.process()));
    assertEquals(0, Cluster.end(two.process()));
    Path disk = Files.createDirectories(folder.resolve("small"));
    assumeTrue(runs("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()), "mounting needs root");
    try {
      one = cluster.startWorker("small");
      produceSlowly();
      wait(30);
      Path filler = disk.resolve("filler");
      fill(filler);
      cluster.await("the full disk to stop the worker, or half of the events",
          () -> !one.process().isAlive() || cluster.listsSeen > EVENTS / 2);
      if (one.process().isAlive()) System.out.println("SIGTERM on the full disk: " + Cluster.end(one.process()));
      Files.delete(filler);
      one = cluster.startWorker("small");
      judge(one);
    } finally {
      cluster.close();
      assertTrue(runs("umount", disk.toString()));
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[1 << 12];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) out.write(block);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) throw e;
    }
  }

  private static boolean runs(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /** With it in the events, the number of refused ones would depend on the moment at which the model changes. */
  private String itemThatNobodyChooses() {
    List<String> values = new ArrayList<>();
    for (GeneratedEvents.Raw record : records) values.add(new String(record.value(), StandardCharsets.UTF_8));
    List<String> items = versions.current().itemIds();
    for (int item = items.size() - 1; item >= 0; --item) { // the first ones are chosen most
      String quoted = '"' + items.get(item) + '"';
      if (values.stream().noneMatch(value -> value.contains(quoted))) return items.get(item);
    }
    throw new AssertionError("All items are chosen.");
  }

  @Test
  void newModelAndAKill() throws IOException, InterruptedException {
    Path other = TestVersions.without(itemThatNobodyChooses(), folder);
    String fingerprint = TestVersions.fingerprint(other);
    produceSlowly();
    wait(30);
    String record = new String(new ModelRecord(other.toString(), fingerprint).toJson(), StandardCharsets.UTF_8);
    cluster.produceModel(record);
    cluster.await(
        "the new model",
        () -> cluster.lists.values().stream().anyMatch(lists -> lists.get(lists.size() - 1).contains(fingerprint)));
    Cluster.kill(one.process());
    one = cluster.startWorker("one");
    producer.join();
    int folded = verdict().folded(); // the same for both versions, which differ in an item that nobody chooses
    cluster.awaitLists(folded);
    Map<String, Long> switches = new HashMap<>();
    cluster.lists.forEach(
        (user, lists) -> {
          for (int place = 0; place < lists.size(); ++place) {
            if (lists.get(place).contains(fingerprint)) switches.putIfAbsent(user, place + 1L);
          }
        });
    assertTrue(switches.size() > 10, switches.toString());
    try (ModelVersions later = new ModelVersions(TestVersions.SHIPPED)) {
      later.know(fingerprint, other);
      later.makeCurrent(fingerprint);
      judge(Referee.judge(records, versions, later, switches, Cluster.TOP), one, two);
    }
  }
}
