package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sotto.stream.GeneratedEvents;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.Referee;
import io.sotto.stream.Replay;
import io.sotto.stream.TestVersions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker, two workers, and {@code kill -9} of one of them in the middle. */
final class KillOfOneWorkerTest {
  private static final int EVENTS = 6000;
  private static final int USERS = 300;
  private static final int PARTITIONS = 4;
  private static final Pattern LAG_OF_NONE = Pattern.compile("sotto_stream_lag_records\\{partition=\"\\d\"} 0");

  @Test
  void killedWorkerLosesNothingAndRepeatsNothing(@TempDir Path folder) throws IOException, InterruptedException {
    try (ModelVersions versions = new ModelVersions(TestVersions.SHIPPED);
        Cluster cluster = new Cluster(folder, PARTITIONS)) {
      cluster.startBroker();
      Cluster.Worker killed = cluster.startWorker("killed");
      Cluster.Worker survivor = cluster.startWorker("survivor");
      List<GeneratedEvents.Raw> records =
          GeneratedEvents.records(versions.current().itemIds(), EVENTS, USERS, 7);
      Referee.Verdict verdict = Referee.judge(records, versions, Cluster.TOP);
      assertTrue(verdict.late() > 0 && verdict.duplicates() > 0 && verdict.refused().size() == 4, verdict.toString());

      cluster.await(
          "both workers to have partitions",
          () -> !cluster.get(killed, "/readyz").isEmpty() && !cluster.get(survivor, "/readyz").isEmpty());
      cluster.produce(records.subList(0, EVENTS / 2));
      cluster.await("events in the first worker", () -> cluster.folded(killed) > 200);
      Cluster.kill(killed.process());
      int atKill = cluster.listsSeen;
      cluster.produce(records.subList(EVENTS / 2, EVENTS));
      assertTrue(atKill < verdict.folded());

      cluster.awaitLists(verdict);
      String user = verdict.lists().keySet().iterator().next();
      cluster.await(
          "the survivor to answer for every user",
          () ->
              cluster
                  .get(survivor, "/v1/users/" + user.replace(" ", "%20") + "/recommendations?k=3")
                  .contains("\"events\":" + verdict.lists().get(user).events() + ","));
      assertTrue(cluster.get(survivor, "/metrics").contains("sotto_stream_running 1"));
      // The refused records among them, 1 in 1,000, hold up nothing.
      cluster.await(
          "all partitions to be without lag",
          () ->
              cluster.get(survivor, "/metrics").lines().filter(line -> LAG_OF_NONE.matcher(line).matches()).count()
                  == PARTITIONS);
      assertEquals(0, Cluster.end(survivor.process()));
      cluster.readToTheEnd();
      assertEquals(List.of(), cluster.faults(verdict));
      assertEquals(Replay.lists(records, Cluster.TOP, folder), cluster.lastLists());
    }
  }
}
