package io.sotto.stream.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

final class WorkerOptionsTest {
  private static WorkerOptions parse(String... more) throws WorkerOptions.BadOptions {
    List<String> arguments = new ArrayList<>(List.of("--brokers", "b:9092", "--model=m.safetensors"));
    arguments.addAll(List.of(more));
    return WorkerOptions.parse(arguments.toArray(String[]::new));
  }

  @Test
  void brokersAndModelAreEnough() throws WorkerOptions.BadOptions {
    WorkerOptions options = parse();
    assertEquals("sotto-stream", options.applicationId());
    assertEquals(10, options.topology().top());
    assertTrue(options.topology().listsEachEvent());
    assertFalse(options.topology().checksums());
    assertEquals(null, options.http());
  }

  @Test
  void optionsAreTaken() throws WorkerOptions.BadOptions {
    WorkerOptions options =
        parse(
            "--recommend", "asked", "--state-checksums", "--top=3", "--http", "[::1]:80", "--elsewhere", "proxy",
            "--events", "clicks");
    assertFalse(options.topology().listsEachEvent());
    assertTrue(options.topology().checksums());
    assertTrue(options.forwards());
    assertEquals("clicks", options.topology().events());
    assertEquals(new HostInfo("[::1]", 80), options.http());
    assertEquals(options.http(), options.advertised());
  }

  @Test
  void whatCannotBeFollowedIsNamed() {
    Map<String, String[]> wrong =
        Map.of(
            "--colour", new String[] {"--colour", "red"},
            "--threads", new String[] {"--threads", "many"},
            "--top", new String[] {"--top", "0"},
            "--http", new String[] {"--http", "8080"},
            "--recommend", new String[] {"--recommend", "never"},
            "--config", new String[] {"--config", "no such file"},
            "--app-id", new String[] {"--app-id"},
            "--brokers", new String[] {"--brokers", "c:9092"},
            "events.jsonl", new String[] {"events.jsonl"});
    wrong.forEach(
        (name, arguments) -> {
          String message = assertThrows(WorkerOptions.BadOptions.class, () -> parse(arguments)).getMessage();
          assertTrue(message.contains(name.equals("--config") ? "no such file" : name), message);
        });
    assertThrows(WorkerOptions.BadOptions.class, WorkerOptions::parse);
  }

  @Test
  void progressNamesRateLagAndTime() {
    assertEquals(
        "1,000 records, 250/s, lag 900,000, done in 1:00:00",
        Progress.line(1000, 250, new StreamFigures.Lag(true, Map.of(0, 400_000L, 1, 500_000L))));
    assertEquals("waits for partitions", Progress.line(0, 0, new StreamFigures.Lag(false, Map.of())));
  }
}
